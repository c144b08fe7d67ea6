package org.caravanmta.smtp;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Xtext;

/// Reads the words behind the path of RCPT (RFC 5321 §4.1.1.11): NOTIFY and ORCPT (RFC 3461 §4.1,
/// §4.2), with the address type `utf-8` of RFC 6533 §3. Each may be there once.
final class RcptParameters {
  /// RFC 3461 §4.2.
  private static final int LONGEST_ORCPT = 500;

  /// An address type is an atom; what follows it is xtext.
  private static final Pattern ORCPT =
      Pattern.compile("[A-Za-z0-9!#$%&'*+/?^_`{|}~-]+;(?<address>.+)");

  private RcptParameters() {}

  static Command read(Address recipient, String given, boolean bare, List<String> words) {
    Optional<Notify> notifyOn = Optional.empty();
    Optional<String> orcpt = Optional.empty();
    for (String word : words) {
      Parameter parameter = Parameter.of(word);
      switch (parameter.keyword()) {
        case "NOTIFY" -> {
          Optional<Notify> read = notifyOn(parameter.value());
          if (read.isEmpty() || notifyOn.isPresent()) {
            return bad("NOTIFY");
          }
          notifyOn = read;
        }
        case "ORCPT" -> {
          if (!isOrcpt(parameter.value()) || orcpt.isPresent()) {
            return bad("ORCPT");
          }
          orcpt = Optional.of(parameter.value());
        }
        default -> {
          return new Command.Refused(Verb.RCPT, parameter.unsupported());
        }
      }
    }
    return new Command.Rcpt(recipient, given, bare, notifyOn, orcpt);
  }

  /// NEVER alone, or some of the events.
  private static Optional<Notify> notifyOn(String value) {
    if (value.equalsIgnoreCase("NEVER")) {
      return Optional.of(Notify.NEVER);
    }
    var events = EnumSet.noneOf(Notify.Event.class);
    for (String name : value.toUpperCase(Locale.ROOT).split(",", -1)) {
      switch (name) {
        case "SUCCESS" -> events.add(Notify.Event.SUCCESS);
        case "FAILURE" -> events.add(Notify.Event.FAILURE);
        case "DELAY" -> events.add(Notify.Event.DELAY);
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Notify(events));
  }

  private static boolean isOrcpt(String value) {
    var form = ORCPT.matcher(value);
    if (value.length() > LONGEST_ORCPT || !form.matches()) {
      return false;
    }
    String address = form.group("address");
    boolean utf8 = value.regionMatches(true, 0, "utf-8;", 0, 6);
    // only the type utf-8 has characters beyond ASCII, or writes them in its own way (\x{20AC})
    return (utf8 || address.chars().allMatch(c -> c < 128)) && Xtext.strict(address).isPresent();
  }

  private static Command bad(String keyword) {
    return new Command.Refused(
        Verb.RCPT, Reply.of(501, "5.5.4", "Error: Bad " + keyword + " parameter syntax"));
  }
}
