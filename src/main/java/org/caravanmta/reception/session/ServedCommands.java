package org.caravanmta.reception.session;

import java.util.EnumSet;
import java.util.Set;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Verb;

/// The commands that the server carries out for one client now, for the reply to HELP (RFC 5321
/// §4.1.1.8).
///
/// @param protection says whether STARTTLS and AUTH are offered, and what needs TLS
/// @param intermediary says whether XCLIENT and XFORWARD are offered
/// @param discarded the extensions that the client is not offered
/// @param vrfy whether VRFY is served
record ServedCommands(
    Protection protection, Intermediary intermediary, Set<Extension> discarded, boolean vrfy) {
  /// The verbs of these commands.
  Set<Verb> to(Client client) {
    var verbs =
        EnumSet.of(
            Verb.HELO, Verb.EHLO, Verb.MAIL, Verb.RCPT, Verb.DATA, Verb.RSET, Verb.NOOP, Verb.HELP,
            Verb.QUIT);
    // as in Postfix, these two are served whether they are offered or not
    verbs.add(Verb.ETRN);
    if (vrfy) {
      verbs.add(Verb.VRFY);
    }
    add(verbs, true, Verb.BDAT, Extension.CHUNKING);
    for (String offer : protection.extensions(client)) {
      add(verbs, offer.equals("STARTTLS"), Verb.STARTTLS, Extension.STARTTLS);
      add(verbs, offer.startsWith("AUTH "), Verb.AUTH, Extension.AUTH);
    }
    for (String offer : intermediary.offers(client)) {
      add(verbs, offer.startsWith("XCLIENT "), Verb.XCLIENT, Extension.XCLIENT);
      add(verbs, offer.startsWith("XFORWARD "), Verb.XFORWARD, Extension.XFORWARD);
    }
    verbs.removeIf(protection::refusesInClear);
    if (!verbs.contains(Verb.MAIL)) {
      // without MAIL, the bytes of BDAT are read and dropped
      verbs.remove(Verb.BDAT);
    }
    return verbs;
  }

  private void add(Set<Verb> verbs, boolean served, Verb verb, Extension extension) {
    if (served && !discarded.contains(extension)) {
      verbs.add(verb);
    }
  }
}
