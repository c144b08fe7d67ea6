package org.caravanmta.smtp;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Parameters;
import org.caravanmta.message.Xtext;

/// Reads the words behind the path of MAIL (RFC 5321 §4.1.1.11): SIZE (RFC 1870), BODY (RFC 6152,
/// RFC 3030), SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461 §4.3, §4.4), AUTH (RFC 4954 §5). Each
/// may be there once.
final class MailParameters {
  /// RFC 3461 §4.4.
  private static final int LONGEST_ENVID = 100;

  private OptionalLong size = OptionalLong.empty();
  private Optional<Parameters.Body> body = Optional.empty();
  private boolean smtputf8;
  private Optional<Parameters.Ret> ret = Optional.empty();
  private Optional<String> envid = Optional.empty();
  private String submitter = "";

  private MailParameters() {}

  /// @param given the sender as given
  static Command read(ReversePath sender, String given, List<String> words) {
    var parameters = new MailParameters();
    var seen = new HashSet<String>();
    for (String word : words) {
      Parameter parameter = Parameter.of(word);
      Optional<Reply> wrong =
          seen.add(parameter.keyword())
              ? parameters.take(parameter)
              : Optional.of(repeated(parameter.keyword()));
      if (wrong.isPresent()) {
        return new Command.Refused(Verb.MAIL, wrong.get());
      }
    }
    return new Command.Mail(
        sender,
        given,
        parameters.size,
        parameters.submitter,
        new Parameters(parameters.body, parameters.smtputf8, parameters.ret, parameters.envid));
  }

  /// Whether the sender's address may have characters beyond ASCII.
  static boolean declareUtf8(List<String> words) {
    return words.stream().anyMatch("SMTPUTF8"::equalsIgnoreCase);
  }

  /// @return what is wrong with it
  private Optional<Reply> take(Parameter parameter) {
    String value = parameter.value().toUpperCase(Locale.ROOT);
    return switch (parameter.keyword()) {
      case "SIZE" -> size(value);
      case "BODY" -> {
        body =
            switch (value) {
              case "7BIT" -> Optional.of(Parameters.Body.SEVENBIT);
              case "8BITMIME" -> Optional.of(Parameters.Body.EIGHTBITMIME);
              case "BINARYMIME" -> Optional.of(Parameters.Body.BINARYMIME);
              default -> Optional.empty();
            };
        yield body.isPresent() ? Optional.empty() : Optional.of(parameter.unsupported());
      }
      case "SMTPUTF8" -> {
        smtputf8 = parameter.bare();
        yield smtputf8 ? Optional.empty() : Optional.of(parameter.unsupported());
      }
      case "RET" -> {
        ret =
            switch (value) {
              case "FULL" -> Optional.of(Parameters.Ret.FULL);
              case "HDRS" -> Optional.of(Parameters.Ret.HDRS);
              default -> Optional.empty();
            };
        yield ret.isPresent() ? Optional.empty() : bad("Bad RET parameter syntax");
      }
      case "ENVID" -> {
        boolean good =
            !parameter.value().isEmpty()
                && parameter.value().length() <= LONGEST_ENVID
                && Xtext.strict(parameter.value()).isPresent();
        envid = Optional.of(parameter.value());
        yield good ? Optional.empty() : bad("Bad ENVID parameter syntax");
      }
      // RFC 4954 §5: whoever it names has not logged in with us, so that only a policy server is
      // told
      case "AUTH" -> {
        submitter = parameter.value().equals("<>") ? "" : parameter.value();
        yield isSubmitter(parameter.value()) ? Optional.empty() : bad("Bad AUTH parameter syntax");
      }
      default -> Optional.of(parameter.unsupported());
    };
  }

  /// `<>`, or who has sent the message to whoever gives it to us, in xtext.
  private static boolean isSubmitter(String value) {
    return value.equals("<>")
        || !value.isEmpty() && value.indexOf('<') < 0 && Xtext.strict(value).isPresent();
  }

  private Optional<Reply> size(String value) {
    if (!value.matches("[0-9]{1,20}")) {
      return bad("Bad message size syntax");
    }
    // twenty digits (RFC 1870 §4) are more than a long holds, and than any limit allows
    size = OptionalLong.of(value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value));
    return Optional.empty();
  }

  private static Reply repeated(String keyword) {
    return keyword.equals("AUTH")
        ? Reply.of(503, "5.5.4", "Error: multiple AUTH= options")
        : Reply.of(501, "5.5.4", "Repeated option: " + keyword);
  }

  private static Optional<Reply> bad(String text) {
    return Optional.of(Reply.of(501, "5.5.4", text));
  }
}
