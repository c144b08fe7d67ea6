package org.caravanmta.delivery.program;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Literals;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;
import org.caravanmta.table.Extensions;

/// What a command is told about the message it gets (RFC 5321 §3.3 has the envelope): variables
/// with the names that postfix `local(8)` gives them. A variable whose value is not known is
/// absent.
public final class CommandEnvironment {
  private CommandEnvironment() {}

  /// @param as the user of the machine for whom it runs; absent when it runs for nobody in
  ///   particular
  public static Map<String, String> of(
      Mail mail, Recipient recipient, Optional<SystemUser> as, Extensions extensions) {
    Client client = mail.envelope().client();
    String local = recipient.address().localPart();
    var split = extensions.split(recipient.address());
    String user = split.map(s -> s.base().localPart()).orElse(local);
    var variables = new LinkedHashMap<String, String>();
    variables.put("HOME", as.map(SystemUser::home).orElse(""));
    variables.put("SHELL", as.map(SystemUser::shell).orElse(""));
    variables.put("ORIGINAL_RECIPIENT", recipient.original().toString());
    variables.put("EXTENSION", split.map(s -> s.extension().substring(1)).orElse(""));
    variables.put("DOMAIN", recipient.address().domain().name());
    variables.put("ENVID", mail.envelope().parameters().envid().orElse(""));
    variables.put("CLIENT_HOSTNAME", client.name());
    variables.put("CLIENT_ADDRESS", Literals.text(client.address()));
    variables.put("CLIENT_HELO", client.helo());
    variables.put("CLIENT_PROTOCOL", client.protocol());
    variables.put("SASL_METHOD", client.method().orElse(""));
    variables.put("SASL_USERNAME", client.login().orElse(""));
    variables.values().removeIf(String::isEmpty);
    variables.put("SENDER", mail.reversePath().toString());
    variables.put("RECIPIENT", recipient.address().toString());
    variables.put("LOCAL", local);
    variables.put("USER", user);
    variables.put("LOGNAME", user);
    return variables;
  }
}
