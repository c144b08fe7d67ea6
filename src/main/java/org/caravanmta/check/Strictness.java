package org.caravanmta.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.mime.MimeStructure;
import org.caravanmta.smtp.Reply;

/// The rules of MIME (RFC 2045 §6.2, RFC 6152) for which a message is refused when it breaks them
/// (postfix `strict_7bit_headers`, `strict_8bitmime_body`, `strict_mime_encoding_domain`).
public final class Strictness {
  /// One rule, which the operator may demand.
  public enum Demand {
    /// No field has 8-bit bytes, unless the message is declared to be SMTPUTF8 (RFC 6531 §3.4).
    HEADERS("improper use of 8-bit data in message header"),
    /// No part has 8-bit bytes, unless it declares them (RFC 2045 §6.2).
    BODY("improper use of 8-bit data in message body"),
    /// No multipart and no attached message is itself encoded (RFC 2045 §6.4).
    ENCODING_DOMAIN("invalid message/* or multipart/* encoding domain"),
    /// There are no more multiparts within each other than we look into.
    NESTING("MIME nesting exceeds safety limit");

    final Reply refusal;

    Demand(String text) {
      this.refusal = Reply.of(550, "5.6.0", text);
    }

    /// Reads a word of the setting `checks.strict`, as `encoding-domain`.
    ///
    /// @throws IllegalArgumentException says what was expected
    public static Demand of(String word) {
      try {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "expected headers, body, encoding-domain or nesting, found \"" + word + "\"", e);
      }
    }
  }

  private final Set<Demand> demands;
  private final Bounds bounds;

  private Strictness(Set<Demand> demands, Bounds bounds) {
    this.demands = Set.copyOf(demands);
    this.bounds = bounds;
  }

  /// The rules that the operator demands; of each part all lines are looked at.
  ///
  /// @param words of the setting `checks.strict`
  /// @throws IllegalArgumentException says what was expected
  public static Strictness of(Collection<String> words, Bounds bounds) {
    return new Strictness(
        words.stream().map(Demand::of).collect(Collectors.toSet()), bounds.whole());
  }

  boolean isEmpty() {
    return demands.isEmpty();
  }

  /// The reply with which a message is refused; absent when it keeps the rules.
  ///
  /// @throws IOException if its content cannot be read
  Optional<Reply> refusal(Mail mail, Bodies bodies) throws IOException {
    var structure = new MimeStructure(bounds.nestingLimit(), bounds.boundaryLimit(), bounds.mime());
    boolean headers = demands.contains(Demand.HEADERS) && !mail.envelope().parameters().smtputf8();
    for (Headers.Field field : mail.headers().fields()) {
      Unit unit = RuleScan.shown(Unit.Kind.of(field.name(), structure), field, bounds.field());
      if (headers && eightBit(unit)) {
        return Optional.of(Demand.HEADERS.refusal);
      }
      structure.field(field.name(), unit.octets());
    }
    structure.endOfHead();
    try (InputStream in = opened(mail.content(), bodies)) {
      var units = new Units(new BodyLines(in), structure, _ -> true, bounds);
      while (units.next()) {
        boolean field = units.unit().kind().header();
        if (eightBit(units.unit())
            && (field ? headers : demands.contains(Demand.BODY) && !structure.inEightBit())) {
          return Optional.of((field ? Demand.HEADERS : Demand.BODY).refusal);
        }
      }
    }
    // whatever is demanded, we have not looked for it that deep
    if (structure.tooDeep()) {
      return Optional.of(Demand.NESTING.refusal);
    }
    return demands.contains(Demand.ENCODING_DOMAIN) && structure.misencoded()
        ? Optional.of(Demand.ENCODING_DOMAIN.refusal)
        : Optional.empty();
  }

  private static InputStream opened(Content content, Bodies bodies) throws IOException {
    return switch (content) {
      case Content.Inline(byte[] bytes) -> new ByteArrayInputStream(bytes);
      case Content.Stored stored -> bodies.open(stored);
    };
  }

  private static boolean eightBit(Unit unit) {
    return unit.text().chars().anyMatch(c -> c > 127);
  }
}
