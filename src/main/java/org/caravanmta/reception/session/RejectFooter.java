package org.caravanmta.reception.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.smtp.Reply;

/// The operator's text after each refusal, such as whom to ask (RFC 5321 §4.2.1: a reply may have
/// several lines; postfix `smtpd_reject_footer`). In its template, `\n` begins a new line, `\c` at
/// the start goes on with the last line of the reply, and `$client_address` and the like stand for
/// facts of the dialogue.
public final class RejectFooter {
  /// `$name`, `$(name)` or `${name}`.
  private static final Pattern MACRO = Pattern.compile("\\$(?:(\\w+)|[({](\\w+)[)}])");

  private static final List<String> FACTS =
      List.of(
          "client",
          "client_address",
          "client_name",
          "client_port",
          "reverse_client_name",
          "helo_name",
          "server_name",
          "localtime",
          "recipient",
          "recipient_name",
          "recipient_domain",
          "sender",
          "sender_name",
          "sender_domain");

  /// No text.
  public static final RejectFooter NONE = new RejectFooter("");

  // whether the first line goes on with the last line of the reply
  private final boolean joined;
  private final List<String> lines;

  /// @throws IllegalArgumentException for a template that names a fact which does not exist
  public RejectFooter(String template) {
    joined = template.startsWith("\\c");
    String text = joined ? template.substring(2) : template;
    lines = text.isEmpty() ? List.of() : List.copyOf(Arrays.asList(text.split("\\\\n", -1)));
    var macro = MACRO.matcher(template);
    while (macro.find()) {
      if (!FACTS.contains(name(macro))) {
        throw new IllegalArgumentException(
            "smtp.reject-footer: there is no $"
                + name(macro)
                + ", only $"
                + String.join(", $", FACTS));
      }
    }
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /// The reply with the footer after it, if the reply is a refusal; else the reply as it is.
  ///
  /// @param facts the facts by name; in place of one that is missing stands nothing
  Reply addTo(Reply reply, Map<String, String> facts) {
    if (reply.positive() || isEmpty()) {
      return reply;
    }
    var all = new ArrayList<>(reply.lines());
    var more = new ArrayList<String>();
    lines.forEach(line -> more.add(expanded(line, facts)));
    if (joined) {
      all.add(all.removeLast() + more.removeFirst());
    }
    all.addAll(more);
    return new Reply(reply.code(), reply.status(), all);
  }

  private static String expanded(String line, Map<String, String> facts) {
    return MACRO
        .matcher(line)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    facts.getOrDefault(
                        found.group(1) == null ? found.group(2) : found.group(1), "")));
  }

  private static String name(Matcher macro) {
    return macro.group(1) == null ? macro.group(2) : macro.group(1);
  }
}
