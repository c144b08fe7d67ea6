package org.caravanmta.delivery.endpoint;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Attempt;
import org.jspecify.annotations.Nullable;

/// A line of `delivery.camel.failures`: what a failure of an endpoint means, `fail` for good or
/// `defer` (RFC 5321 §4.2.1), with a status (RFC 3463) or without, when all its conditions hold.
/// `suspend` defers, too, and counts as a failure to reach the endpoint, as those do that {@link
/// EndpointFailure#missed} knows.
///
/// | condition | holds for |
/// |---|---|
/// | `http=404,410`, `http=500-599`, `http=4xx` | that status of an HTTP server (RFC 9110 §15) |
/// | `exception=NAME,…` | an exception of that class, by its whole or its simple name, of a class below it, or caused by one |
/// | `scheme=https,…` | endpoints whose URI begins so |
/// | `text=/PATTERN/` | a failure whose message the pattern (RE2) finds something in; comes last |
///
/// @param status of class 5 when mail fails, 4 when it waits
/// @param suspends whether the endpoint counts as one that was not reached
/// @param text absent for any
record FailureRule(
    Status status,
    boolean suspends,
    List<CodeRange> codes,
    List<String> exceptions,
    List<String> schemes,
    Optional<Pattern> text) {
  private static final Status FAILED = Status.of("5.3.0");
  private static final Status DEFERRED = Status.of("4.3.0");

  /// @param first the lowest status
  /// @param last the highest
  record CodeRange(int first, int last) {
    static CodeRange parse(String written) {
      if (written.matches("[1-5]xx")) {
        int hundreds = (written.charAt(0) - '0') * 100;
        return new CodeRange(hundreds, hundreds + 99);
      }
      if (!written.matches("[1-9]\\d\\d(-[1-9]\\d\\d)?")) {
        throw new IllegalArgumentException(
            "http= must be statuses such as 404,410 or 500-599 or 4xx, was " + written);
      }
      var range =
          new CodeRange(
              Integer.parseInt(written.substring(0, 3)),
              Integer.parseInt(written.substring(written.length() - 3)));
      if (range.first > range.last) {
        throw new IllegalArgumentException("http=" + written + " is not a range");
      }
      return range;
    }

    boolean has(int code) {
      return first <= code && code <= last;
    }
  }

  /// @throws IllegalArgumentException says what was expected
  static FailureRule parse(String line) {
    String[] words = line.strip().split("\\s+", 2);
    boolean fails =
        switch (words[0]) {
          case "fail" -> true;
          case "defer", "suspend" -> false;
          default ->
              throw new IllegalArgumentException(
                  "expected fail, defer or suspend, found " + words[0]);
        };
    String rest = words.length > 1 ? words[1].strip() : "";
    Optional<Status> given = Status.parse(rest.split("\\s+", 2)[0]);
    if (given.isPresent()) {
      String[] after = rest.split("\\s+", 2);
      rest = after.length > 1 ? after[1] : "";
    }
    Status status = given.orElse(fails ? FAILED : DEFERRED);
    if (status.digit() != (fails ? 5 : 4)) {
      throw new IllegalArgumentException(
          words[0] + " needs a status that begins with " + (fails ? 5 : 4) + ", was " + status);
    }
    return conditions(status, words[0].equals("suspend"), rest);
  }

  private static FailureRule conditions(Status status, boolean suspends, String written) {
    List<CodeRange> codes = List.of();
    List<String> exceptions = List.of();
    List<String> schemes = List.of();
    Optional<Pattern> text = Optional.empty();
    if (written.isEmpty()) {
      throw new IllegalArgumentException(
          "expected a condition: http=, exception=, scheme= or text=/…/");
    }
    String rest = written;
    while (!rest.isEmpty()) {
      if (rest.startsWith("text=")) {
        text = Optional.of(pattern(rest.substring("text=".length())));
        break;
      }
      String[] words = rest.split("\\s+", 2);
      int equals = words[0].indexOf('=');
      List<String> values =
          Arrays.stream(words[0].substring(equals + 1).split(","))
              .filter(v -> !v.isEmpty())
              .toList();
      switch (values.isEmpty() ? "" : words[0].substring(0, Math.max(equals, 0))) {
        case "http" -> codes = values.stream().map(CodeRange::parse).toList();
        case "exception" -> exceptions = values;
        case "scheme" -> schemes = values;
        default ->
            throw new IllegalArgumentException(
                "expected http=, exception=, scheme= or text=/…/, found " + words[0]);
      }
      rest = words.length > 1 ? words[1] : "";
    }
    return new FailureRule(status, suspends, codes, exceptions, schemes, text);
  }

  private static Pattern pattern(String written) {
    if (written.length() < 3 || !written.startsWith("/") || !written.endsWith("/")) {
      throw new IllegalArgumentException("text= must be a pattern between slashes, was " + written);
    }
    try {
      return Pattern.compile(written.substring(1, written.length() - 1));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("text=" + written + ": " + e.getMessage(), e);
    }
  }

  boolean holds(EndpointFailure failure) {
    return (codes.isEmpty()
            || failure.http().isPresent()
                && codes.stream().anyMatch(range -> range.has(failure.http().getAsInt())))
        && (exceptions.isEmpty() || exceptions.stream().anyMatch(failure::is))
        && (schemes.isEmpty() || schemes.contains(failure.scheme()))
        && text.map(pattern -> pattern.matcher(failure.messages()).find()).orElse(true);
  }

  /// What a failure means: what the first rule that holds says; deferred if none does.
  static EndpointAnswer meaning(List<FailureRule> rules, EndpointFailure failure) {
    @Nullable FailureRule first =
        rules.stream().filter(rule -> rule.holds(failure)).findFirst().orElse(null);
    Status status = first == null ? DEFERRED : first.status;
    Reason reason = Reason.of(status.toString(), failure.shown());
    if (status.digit() == 5) {
      return EndpointAnswer.reached(new Attempt.Failed(reason));
    }
    var waits = new Attempt.Deferred(reason);
    return failure.missed() || first != null && first.suspends
        ? EndpointAnswer.missed(waits)
        : EndpointAnswer.reached(waits);
  }
}
