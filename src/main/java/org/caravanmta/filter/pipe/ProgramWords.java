package org.caravanmta.filter.pipe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;
import org.caravanmta.alias.Fillable;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;

/// The arguments of a program for a message: names stand for parts of its envelope, and an argument
/// that names a recipient is there once for each (postfix `pipe(8)`). No shell reads them.
final class ProgramWords {
  private ProgramWords() {}

  /// Thrown when a part of the envelope would be an option of the program, and a stranger's.
  static final class Unsafe extends Exception {
    private static final long serialVersionUID = 1L;

    Unsafe(String what) {
      super(what + " that begins with a - is not handed to a program");
    }
  }

  /// The program and its arguments.
  static List<String> of(FilterProgram program, Mail mail) throws Unsafe {
    var words = new ArrayList<String>();
    for (String word : program.words()) {
      Fillable fillable = Fillable.parse(word, FilterProgram.NAMES);
      for (String filled : filled(fillable, program, mail)) {
        if (filled.startsWith("-")
            && !word.startsWith("-")
            && !filled.equals(program.nullSender())) {
          throw new Unsafe(
              word.contains("client_") || word.contains("sasl_") ? "a name" : "an address");
        }
        words.add(filled);
      }
    }
    return words;
  }

  /// Once for all recipients, or once for each.
  private static Set<String> filled(Fillable word, FilterProgram program, Mail mail) {
    var filled = new LinkedHashSet<String>();
    mail.recipients().forEach(each -> filled.add(word.with(values(program, mail, each))));
    return filled;
  }

  private static Map<String, String> values(FilterProgram program, Mail mail, Recipient recipient) {
    Client client = mail.envelope().client();
    var values = new HashMap<String, String>();
    values.put("recipient", recipient.address().toString());
    values.put("original_recipient", recipient.original().toString());
    values.put(
        "sender",
        mail.reversePath() instanceof ReversePath.Null
            ? program.nullSender()
            : mail.reversePath().toString());
    values.put("size", Long.toString(mail.size()));
    values.put("queue_id", mail.id());
    values.put("client_address", Literals.text(client.address()));
    values.put("client_helo", client.helo());
    values.put("client_hostname", client.name());
    values.put("client_protocol", client.protocol());
    values.put("sasl_method", client.method().orElse(""));
    values.put("sasl_username", client.login().orElse(""));
    return values;
  }
}
