package org.caravanmta.smtp;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Ascii;
import org.caravanmta.message.Notify;
import org.caravanmta.message.OriginalRecipient;

/// Reads the parameters of RCPT (RFC 5321 §4.1.1.11) as Postfix does: NOTIFY and ORCPT (RFC 3461
/// §4.1, §4.2), the latter also with the address type `utf-8` (RFC 6533 §3). Each may be given
/// once.
final class RcptParameters {
  private static final Pattern COMMAS = Pattern.compile("[,\\s]+");

  private RcptParameters() {}

  /// Reads the parameters.
  ///
  /// @param given the path as it was given
  /// @param bare whether it was `postmaster` without a domain
  /// @param words the parameters: `NOTIFY=NEVER`
  /// @return {@link Command.Rcpt}, or {@link Command.Refused} with what is wrong
  static Command read(Address recipient, String given, boolean bare, List<String> words) {
    Optional<Notify> notifyOn = Optional.empty();
    Optional<String> orcpt = Optional.empty();
    boolean named = false;
    for (String word : words) {
      Parameter parameter = Parameter.of(word);
      if (parameter.bare()) {
        return new Command.Refused(Verb.RCPT, parameter.unsupported());
      }
      switch (parameter.keyword()) {
        case "NOTIFY" -> {
          Optional<Notify> read = notifyOn(parameter.value());
          if (read.isEmpty() || notifyOn.isPresent()) {
            return bad("NOTIFY");
          }
          notifyOn = read;
        }
        case "ORCPT" -> {
          Optional<OriginalRecipient> read = OriginalRecipient.parse(parameter.value());
          if (read.isEmpty() || named) {
            return bad("ORCPT");
          }
          named = true;
          orcpt = read.filter(original -> !original.isEmpty()).map(OriginalRecipient::toString);
        }
        default -> {
          return new Command.Refused(Verb.RCPT, parameter.unsupported());
        }
      }
    }
    return new Command.Rcpt(recipient, given, bare, notifyOn, orcpt, words);
  }

  /// The value of NOTIFY: NEVER alone, or some of the events; empty if it is neither. Superfluous
  /// commas are ignored.
  private static Optional<Notify> notifyOn(String value) {
    var events = EnumSet.noneOf(Notify.Event.class);
    boolean never = false;
    for (String name : COMMAS.split(Ascii.upper(value))) {
      switch (name) {
        case "" -> {}
        case "NEVER" -> never = true;
        case "SUCCESS" -> events.add(Notify.Event.SUCCESS);
        case "FAILURE" -> events.add(Notify.Event.FAILURE);
        case "DELAY" -> events.add(Notify.Event.DELAY);
        default -> {
          return Optional.empty();
        }
      }
    }
    if (never == !events.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(never ? Notify.NEVER : new Notify(events));
  }

  private static Command bad(String keyword) {
    return new Command.Refused(
        Verb.RCPT, Reply.of(501, "5.5.4", "Error: Bad " + keyword + " parameter syntax"));
  }
}
