package org.caravanmta.smtp;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Verp;
import org.caravanmta.message.Xtext;

/// Reads the parameters of MAIL (RFC 5321 §4.1.1.11) as Postfix does: SIZE (RFC 1870), BODY (RFC
/// 6152, RFC 3030) and SMTPUTF8 (RFC 6531), the last of which counts if one is repeated; RET and
/// ENVID (RFC 3461 §4.3, §4.4) and AUTH (RFC 4954 §5), which may be given once; and XVERP, an
/// extension of Postfix (postfix `VERP_README`); and REQUIRETLS (RFC 8689 §2).
final class MailParameters {
  private static final String VERP = "XVERP";

  /// Parameters without a value.
  private static final Set<String> BARE = Set.of("SMTPUTF8", "REQUIRETLS");

  private OptionalLong size = OptionalLong.empty();
  private Optional<MailOptions.Body> body = Optional.empty();
  private boolean smtputf8;
  private Optional<MailOptions.Ret> ret = Optional.empty();
  private Optional<String> envid = Optional.empty();
  private Optional<Verp> verp = Optional.empty();
  private boolean requireTls;
  private String submitter = "";
  private final Set<String> once = new HashSet<>();

  private final ReversePath sender;
  private final Grammar.Verps verps;

  private MailParameters(ReversePath sender, Grammar.Verps verps) {
    this.sender = sender;
    this.verps = verps;
  }

  /// Reads the parameters.
  ///
  /// @param given the path as it was given
  /// @param words the parameters: `SIZE=1000`
  /// @param verps the delimiters of XVERP
  /// @return {@link Command.Mail}, or {@link Command.Refused} with what is wrong
  static Command read(ReversePath sender, String given, List<String> words, Grammar.Verps verps) {
    var parameters = new MailParameters(sender, verps);
    for (String word : words) {
      Optional<Reply> wrong = parameters.take(Parameter.of(word));
      if (wrong.isPresent()) {
        return new Command.Refused(Verb.MAIL, wrong.get());
      }
    }
    return new Command.Mail(
        sender,
        given,
        parameters.size,
        parameters.submitter,
        new MailOptions(
            parameters.body,
            parameters.smtputf8,
            parameters.ret,
            parameters.envid,
            parameters.verp,
            parameters.requireTls),
        words);
  }

  /// Whether SMTPUTF8 is among the parameters, so that the address may have characters outside
  /// ASCII.
  static boolean declareUtf8(List<String> words) {
    return words.stream().anyMatch(word -> Ascii.same(word, "SMTPUTF8"));
  }

  /// Takes a parameter.
  ///
  /// @return the reply if it is wrong; otherwise empty
  private Optional<Reply> take(Parameter parameter) {
    if (parameter.keyword().equals(VERP)) {
      return verp(parameter);
    }
    if (parameter.bare() != BARE.contains(parameter.keyword())) {
      return Optional.of(parameter.unsupported());
    }
    String value = Ascii.upper(parameter.value());
    return switch (parameter.keyword()) {
      case "SIZE" -> size(value);
      case "BODY" -> {
        body =
            switch (value) {
              case "7BIT" -> Optional.of(MailOptions.Body.SEVENBIT);
              case "8BITMIME" -> Optional.of(MailOptions.Body.EIGHTBITMIME);
              case "BINARYMIME" -> Optional.of(MailOptions.Body.BINARYMIME);
              default -> Optional.empty();
            };
        yield body.isPresent() ? Optional.empty() : Optional.of(parameter.unsupported());
      }
      case "SMTPUTF8" -> {
        smtputf8 = true;
        yield Optional.empty();
      }
      case "REQUIRETLS" -> {
        requireTls = true;
        yield Optional.empty();
      }
      case "RET" -> {
        ret =
            switch (value) {
              case "FULL" -> Optional.of(MailOptions.Ret.FULL);
              case "HDRS" -> Optional.of(MailOptions.Ret.HDRS);
              default -> Optional.empty();
            };
        yield ret.isPresent() && once.add("RET")
            ? Optional.empty()
            : bad("Bad RET parameter syntax");
      }
      case "ENVID" -> {
        envid = envid(parameter.value());
        yield envid.isPresent() && once.add("ENVID")
            ? Optional.empty()
            : bad("Bad ENVID parameter syntax");
      }
      // RFC 4954 §5: we do not trust the name, as the user has not logged in with us; only a policy
      // server is told, and any value will do
      case "AUTH" -> {
        boolean nobody = parameter.value().equals("<>");
        if (once.contains("AUTH") || !nobody && !once.add("AUTH")) {
          yield Optional.of(Reply.of(503, "5.5.4", "Error: multiple AUTH= options"));
        }
        submitter = nobody ? "" : parameter.value();
        yield Optional.empty();
      }
      default -> Optional.of(parameter.unsupported());
    };
  }

  /// Takes XVERP, with delimiters or without.
  private Optional<Reply> verp(Parameter parameter) {
    if (!parameter.bare() && !verps.allows(parameter.value())) {
      return bad("Bad XVERP delimiter: " + parameter.value());
    }
    verp = Optional.of(parameter.bare() ? verps.usual() : new Verp(parameter.value()));
    return sender instanceof ReversePath.Null
        ? Optional.of(Reply.of(503, "5.5.4", "Error: XVERP requires non-null sender"))
        : Optional.empty();
  }

  /// The envelope identifier in xtext (RFC 3461 §4.4), with a bare `=` encoded as `+3D`; empty if
  /// it is not valid. Decoded, it must be printable ASCII, as reports show it.
  private static Optional<String> envid(String value) {
    String xtext = value.replace("=", "+3D");
    return Xtext.strict(xtext)
        .filter(text -> !text.isEmpty() && text.chars().allMatch(c -> c >= ' ' && c < 127))
        .map(_ -> xtext);
  }

  /// Takes SIZE, in bytes (RFC 1870 §4). A number that a long cannot hold becomes the largest long,
  /// which is more than any limit.
  private Optional<Reply> size(String value) {
    int digits = 0;
    while (digits < value.length() && value.charAt(digits) == '0') {
      digits++;
    }
    String significant = value.substring(digits);
    if (value.isEmpty() || !significant.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return bad("Bad message size syntax");
    }
    size =
        OptionalLong.of(
            significant.isEmpty()
                ? 0
                : significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant));
    return Optional.empty();
  }

  private static Optional<Reply> bad(String text) {
    return Optional.of(Reply.of(501, "5.5.4", text));
  }
}
