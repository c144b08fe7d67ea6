package org.caravanmta.reception.session;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;

/// The facts of the dialogue that a {@link RejectFooter} may name (RFC 5321 §4.2.1), by their names
/// in postfix `smtpd_reject_footer`.
final class FooterFacts {
  private static final DateTimeFormatter LOCAL_TIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private FooterFacts() {}

  /// The facts that are known now; without a sender or recipient theirs are missing.
  ///
  /// @param hostname our name
  static Map<String, String> of(SessionState state, String hostname, Instant now) {
    Client client = state.client();
    var facts = new HashMap<String, String>();
    facts.put("client", client.toString());
    facts.put("client_address", Literals.text(client.address()));
    facts.put("client_name", client.name());
    facts.put("client_port", String.valueOf(client.port()));
    facts.put("reverse_client_name", client.reverse().name());
    facts.put("helo_name", client.helo());
    facts.put("server_name", hostname);
    facts.put("localtime", LOCAL_TIME.format(now));
    state.recipient().ifPresent(address -> put(facts, "recipient", address));
    state.transaction().map(MailTransaction::sender).ifPresent(sender -> put(facts, sender));
    return facts;
  }

  private static void put(Map<String, String> facts, ReversePath sender) {
    facts.put("sender", sender.toString());
    if (sender instanceof ReversePath.Mailbox(Address address)) {
      put(facts, "sender", address);
    }
  }

  private static void put(Map<String, String> facts, String name, Address address) {
    facts.put(name, address.toString());
    facts.put(name + "_name", address.localPart());
    facts.put(name + "_domain", address.domain().name());
  }
}
