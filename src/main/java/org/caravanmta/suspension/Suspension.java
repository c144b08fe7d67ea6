package org.caravanmta.suspension;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.caravanmta.control.RowFields;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.selector.Glob;

/// Something to which no mail is sent until the operator says so (postfix `defer_transports`): a
/// row of what `suspension.list` answers, and a line of the list on the disk.
///
/// @param what a pattern of transports, next hops or domains; a name stands for itself
/// @param reason why, in the operator's words; may be empty
/// @param author the user who has said so
public record Suspension(Kind kind, Glob what, String reason, String author, Instant since) {
  /// What is suspended.
  public enum Kind {
    /// All mail by a transport.
    TRANSPORT,
    /// Mail to a next hop, by whatever transport.
    NEXT_HOP,
    /// Mail for recipients in a domain, whatever its next hop is.
    DOMAIN;

    /// As options and lists write it: `next-hop`.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @throws IllegalArgumentException if it is none
    static Kind of(String word) {
      return Arrays.stream(values())
          .filter(each -> each.word().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "expected transport, next-hop or domain, was \"" + word + "\""));
    }

    /// A pattern of such things.
    ///
    /// @throws IllegalArgumentException if it is empty
    Glob pattern(String written) {
      String text = Printable.text(written.strip());
      if (text.isEmpty()) {
        throw new IllegalArgumentException("the " + word() + " is empty");
      }
      return this == DOMAIN ? Glob.ofDomain(text) : new Glob(text);
    }
  }

  public Suspension {
    reason = Printable.text(reason.strip());
    author = Printable.text(author.strip());
  }

  /// @throws IllegalArgumentException if the pattern is empty
  static Suspension of(Kind kind, String pattern, String reason, String author, Instant since) {
    return new Suspension(
        kind, kind.pattern(pattern), reason, author, Instant.ofEpochMilli(since.toEpochMilli()));
  }

  boolean covers(Destination destination, Recipient recipient) {
    return kind == Kind.DOMAIN
        ? what.fits(recipient.address().domain().key())
        : covers(destination.transport(), destination.nextHop());
  }

  /// Whether it covers all that goes there; of a domain, what goes to its own servers.
  public boolean covers(String transport, String nextHop) {
    return what.fits(kind == Kind.TRANSPORT ? transport : nextHop);
  }

  /// Whether both are about the same.
  boolean isOf(Kind other, Glob pattern) {
    return kind == other && what.pattern().equalsIgnoreCase(pattern.pattern());
  }

  /// `next-hop [192.0.2.1]:25`.
  public String name() {
    return kind.word() + " " + what.pattern();
  }

  /// The reason of mail that waits for it: `delivery to transport smtp suspended by ann: the line
  /// is down`.
  public String told() {
    return mark() + " " + author + (reason.isEmpty() ? "" : ": " + reason);
  }

  /// What the reasons of all mail begin with that waits for this.
  public String mark() {
    return "delivery to " + name() + " suspended by";
  }

  /// The row.
  public List<String> fields() {
    return List.of(
        kind.name(), what.pattern(), reason, author, Long.toString(since.toEpochMilli()));
  }

  /// @throws IOException if this is not such a row
  public static Suspension of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    Kind kind = fields.one(Kind.class);
    String pattern = fields.text();
    if (pattern.isBlank()) {
      throw new IOException("nothing is named");
    }
    var suspension =
        of(
            kind,
            pattern,
            fields.text(),
            fields.text(),
            fields.time().orElseThrow(() -> new IOException("the time is missing")));
    fields.end();
    return suspension;
  }
}
