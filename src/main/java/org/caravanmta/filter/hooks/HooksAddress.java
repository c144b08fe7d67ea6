package org.caravanmta.filter.hooks;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;

/// An address of the envelope, as a service is told of it.
///
/// @param address without `<>`; empty for the null reverse path
/// @param parameters those of MAIL or RCPT (RFC 5321 §4.1.1.11), by their names in capitals; one
///   without a value has an empty one
public record HooksAddress(String address, Map<String, String> parameters) {
  public HooksAddress {
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
  }

  /// An address as a command has given it.
  ///
  /// @param words its parameters: `SIZE=1000`
  static HooksAddress of(String address, List<String> words) {
    var parameters = new TreeMap<String, String>();
    for (String word : words) {
      int equals = word.indexOf('=');
      parameters.put(
          Ascii.upper(equals < 0 ? word : word.substring(0, equals)),
          equals < 0 ? "" : word.substring(equals + 1));
    }
    return new HooksAddress(address, parameters);
  }

  /// The reverse path of a message.
  public static HooksAddress of(ReversePath path, MailOptions options) {
    var parameters = new TreeMap<String, String>();
    options
        .body()
        .ifPresent(
            body ->
                parameters.put(
                    "BODY",
                    switch (body) {
                      case SEVENBIT -> "7BIT";
                      case EIGHTBITMIME -> "8BITMIME";
                      case BINARYMIME -> "BINARYMIME";
                    }));
    options.ret().ifPresent(ret -> parameters.put("RET", ret.name()));
    options.envid().ifPresent(envid -> parameters.put("ENVID", envid));
    if (options.smtputf8()) {
      parameters.put("SMTPUTF8", "");
    }
    if (options.requireTls()) {
      parameters.put("REQUIRETLS", "");
    }
    return new HooksAddress(path.toString(), parameters);
  }

  /// A recipient as the client has given it.
  public static HooksAddress of(Recipient recipient) {
    var parameters = new TreeMap<String, String>();
    recipient.notifyOn().ifPresent(on -> parameters.put("NOTIFY", text(on)));
    recipient.orcpt().ifPresent(orcpt -> parameters.put("ORCPT", orcpt));
    return new HooksAddress(recipient.original().toString(), parameters);
  }

  private static String text(Notify on) {
    return on.events().isEmpty()
        ? "NEVER"
        : on.events().stream().sorted().map(Enum::name).collect(Collectors.joining(","));
  }
}
