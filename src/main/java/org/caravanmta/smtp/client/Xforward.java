package org.caravanmta.smtp.client;

import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravanmta.address.Literals;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Xtext;

/// Writes the XFORWARD commands that tell a content filter which client we received a message from,
/// so that the server after the filter can log that client (Postfix's XFORWARD_README, an extension
/// of SMTP by RFC 5321 §2.2).
final class Xforward {
  static final String VERB = "XFORWARD";

  /// The longest value that a server takes, in characters.
  private static final int LONGEST = 255;

  /// The longest command line without its CRLF, in characters (RFC 5321 §4.5.3.1.4).
  private static final int LINE = 510;

  private Xforward() {}

  /// The commands for a message, none longer than a line; often one.
  ///
  /// @param offered the attributes that the server takes
  static List<String> commands(Mail mail, Set<String> offered) {
    var commands = new ArrayList<String>();
    var command = new StringBuilder(VERB);
    for (var attribute : attributes(mail).entrySet()) {
      if (!offered.contains(attribute.getKey())) {
        continue;
      }
      String word = " " + attribute.getKey() + "=" + value(attribute.getValue());
      if (command.length() + word.length() > LINE) {
        commands.add(command.toString());
        command = new StringBuilder(VERB);
      }
      command.append(word);
    }
    if (command.length() > VERB.length()) {
      commands.add(command.toString());
    }
    return commands;
  }

  private static Map<String, String> attributes(Mail mail) {
    Client client = mail.envelope().client();
    String address = Literals.text(client.address());
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("NAME", client.name().equals(Client.UNKNOWN) ? "" : client.name());
    attributes.put("ADDR", client.address() instanceof Inet6Address ? "IPV6:" + address : address);
    attributes.put("PORT", client.port() > 0 ? String.valueOf(client.port()) : "");
    attributes.put("PROTO", client.protocol().equals("SMTP") ? "SMTP" : "ESMTP");
    attributes.put("HELO", client.helo());
    attributes.put("IDENT", mail.id());
    attributes.put("SOURCE", client.trusted() ? "LOCAL" : "REMOTE");
    return attributes;
  }

  /// The value in xtext (RFC 3461 §4), or `[UNAVAILABLE]` if there is none or it is too long.
  private static String value(String text) {
    String xtext = Xtext.encode(text);
    return xtext.isEmpty() || xtext.length() > LONGEST ? "[UNAVAILABLE]" : xtext;
  }
}
