package org.caravanmta.submission;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.caravanmta.address.Ascii;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Verp;
import org.caravanmta.message.Xtext;

/// The envelope of a posted message (RFC 5321 §2.3.1), as the program gave it: addresses may be
/// without a domain, which the server completes.
///
/// @param sender empty for the null reverse path
/// @param name the sender's full name, for a `From` that the program has left out; often empty
/// @param recipients at least one, at most {@link Envelope#MOST_RECIPIENTS}
/// @param notifyOn when the sender wants to hear about each recipient (RFC 3461 §4.1)
/// @param purpose what is to be done with it
/// @param verp the delimiters of variable reverse paths, empty for the server's own; absent for no
///   such paths
public record Posting(
    String sender,
    String name,
    List<String> recipients,
    Optional<Notify> notifyOn,
    MailOptions parameters,
    Purpose purpose,
    Optional<String> verp) {
  private static final String NEVER = "NEVER";

  /// What stands for bytes that are not UTF-8.
  private static final char NOT_UTF8 = '\uFFFD';

  public enum Purpose {
    DELIVERY,
    /// Delivery, and a report of what the first attempt came to.
    WATCHED,
    /// A report of who could be delivered to, and no delivery.
    VERIFICATION,
    /// Delivery of a message that is another's: its header section is left as it is (postfix
    /// `sendmail -G`).
    RELAYED
  }

  /// To be delivered.
  public Posting(
      String sender,
      String name,
      List<String> recipients,
      Optional<Notify> notifyOn,
      MailOptions parameters) {
    this(sender, name, recipients, notifyOn, parameters, Purpose.DELIVERY, Optional.empty());
  }

  public Posting {
    recipients = List.copyOf(recipients);
    if (recipients.isEmpty() || recipients.size() > Envelope.MOST_RECIPIENTS) {
      throw new IllegalArgumentException(recipients.size() + " recipients");
    }
    // a user who may post may write the file by hand, and its envelope goes into commands and the
    // log
    text("sender", sender);
    text("name", name);
    recipients.forEach(recipient -> text("recipient", recipient));
    parameters
        .envid()
        .filter(envid -> Xtext.strict(envid).isEmpty() || !envid.matches("[!-~]{1,400}"))
        .ifPresent(
            envid -> {
              throw new IllegalArgumentException("an envelope identifier that is not xtext");
            });
    verp.filter(delimiters -> !delimiters.isEmpty()).ifPresent(Verp::new);
    if (parameters.binary()) {
      throw new IllegalArgumentException("a body of other than lines");
    }
  }

  /// One line for each thing said: a key, a space, the value. An empty line ends them.
  String lines() {
    var lines = new StringBuilder();
    line(lines, "sender", sender);
    if (!name.isEmpty()) {
      line(lines, "name", name);
    }
    recipients.forEach(recipient -> line(lines, "recipient", recipient));
    notifyOn.ifPresent(notify -> line(lines, "notify", text(notify)));
    parameters.ret().ifPresent(ret -> line(lines, "ret", ret.name()));
    parameters.envid().ifPresent(envid -> line(lines, "envid", envid));
    parameters.body().ifPresent(body -> line(lines, "body", body.name()));
    verp.ifPresent(delimiters -> line(lines, "verp", delimiters));
    if (purpose != Purpose.DELIVERY) {
      line(lines, "purpose", purpose.name());
    }
    return lines.append('\n').toString();
  }

  /// Reads what {@link #lines} wrote, without the empty line.
  ///
  /// @throws IllegalArgumentException says what is wrong
  static Posting read(List<String> lines) {
    Optional<String> sender = Optional.empty();
    String name = "";
    var recipients = new ArrayList<String>();
    Optional<Notify> notify = Optional.empty();
    Optional<MailOptions.Ret> ret = Optional.empty();
    Optional<String> envid = Optional.empty();
    Optional<MailOptions.Body> body = Optional.empty();
    var purpose = Purpose.DELIVERY;
    Optional<String> verp = Optional.empty();
    for (String line : lines) {
      String value = line.substring(line.indexOf(' ') + 1);
      switch (line.substring(0, line.length() - value.length())) {
        case "sender " -> sender = Optional.of(value);
        case "name " -> name = value;
        case "recipient " -> recipients.add(value);
        case "notify " -> notify = Optional.of(notifyOf(value));
        case "ret " -> ret = Optional.of(MailOptions.Ret.valueOf(value));
        case "envid " -> envid = Optional.of(value);
        case "body " -> body = Optional.of(MailOptions.Body.valueOf(value));
        case "verp " -> verp = Optional.of(value);
        case "purpose " -> purpose = Purpose.valueOf(value);
        default -> throw new IllegalArgumentException("an unknown line \"" + line + "\"");
      }
    }
    return new Posting(
        sender.orElseThrow(() -> new IllegalArgumentException("no sender")),
        name,
        recipients,
        notify,
        new MailOptions(body, false, ret, envid),
        purpose,
        verp);
  }

  /// Reads a NOTIFY value (RFC 3461 §4.1): `NEVER`, or events joined by commas, in any case.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Notify notifyOf(String value) {
    String upper = Ascii.upper(value);
    return upper.equals(NEVER)
        ? Notify.NEVER
        : new Notify(
            Arrays.stream(upper.split(",", -1))
                .map(Notify.Event::valueOf)
                .collect(Collectors.toUnmodifiableSet()));
  }

  private static String text(Notify notify) {
    return notify.events().isEmpty()
        ? NEVER
        : notify.events().stream().sorted().map(Enum::name).collect(Collectors.joining(","));
  }

  private static void text(String key, String value) {
    if (value.codePoints().anyMatch(Posting::isForbidden)) {
      throw new IllegalArgumentException("a control character in the " + key);
    }
  }

  private static boolean isForbidden(int c) {
    return c == NOT_UTF8
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SURROGATE ->
              true;
          default -> false;
        };
  }

  private static void line(StringBuilder lines, String key, String value) {
    lines.append(key).append(' ').append(value).append('\n');
  }
}
