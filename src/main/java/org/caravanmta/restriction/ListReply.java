package org.caravanmta.restriction;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.message.Status;
import org.caravanmta.restriction.dnsbl.Zone;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;

/// The reply to what is on a DNS list, in our words or in the operator's (postfix
/// `default_rbl_reply`, `rbl_reply_maps`).
final class ListReply {
  private static final String DEFAULT =
      "$rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using"
          + " $rbl_domain${rbl_reason?; $rbl_reason}";

  private static final Pattern MACRO =
      Pattern.compile("\\$(?:(\\w+)|[({](\\w+)(?:([?:])((?:[^${}()]|\\$\\w+)*))?[)}])");

  private static final Pattern FORM =
      Pattern.compile("([45]\\d\\d) (?:([45]\\.\\d+\\.\\d+) )?(.*)");

  private ListReply() {}

  /// @param words by zone, with its filter or without
  /// @param code that our words have
  static Reply of(
      SearchPath words,
      int code,
      RestrictedCase asked,
      Zone zone,
      String reason,
      ReplySubject subject) {
    String template =
        words.find(zone.written()) instanceof Search.Found(String own, _, _)
            ? own
            : words.find(zone.name().name()) instanceof Search.Found(String own, _, _)
                ? own
                : DEFAULT;
    var form = FORM.matcher(expand(template, macros(code, asked, zone, reason, subject)));
    if (!form.matches()) {
      return Reply.of(450, "4.7.1", "Service unavailable");
    }
    int given = Integer.parseInt(form.group(1));
    Status status = Status.of(Optional.ofNullable(form.group(2)).orElse("5.7.1"));
    return new Reply(
        given,
        Optional.of(new Status(given / 100, status.subject(), status.detail())),
        List.of(form.group(3)));
  }

  private static String expand(String template, Map<String, String> macros) {
    return MACRO
        .matcher(template)
        .replaceAll(
            found -> {
              String name = Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2));
              String value = macros.getOrDefault(name, "");
              String operator = Optional.ofNullable(found.group(3)).orElse("");
              String other = Optional.ofNullable(found.group(4)).orElse("");
              return Matcher.quoteReplacement(
                  switch (operator) {
                    case "?" -> value.isEmpty() ? "" : expand(other, macros);
                    case ":" -> value.isEmpty() ? expand(other, macros) : "";
                    default -> value;
                  });
            });
  }

  private static Map<String, String> macros(
      int code, RestrictedCase asked, Zone zone, String reason, ReplySubject subject) {
    var client = asked.client();
    return Map.ofEntries(
        Map.entry("rbl_code", String.valueOf(code)),
        Map.entry("rbl_class", subject.kind()),
        Map.entry("rbl_what", subject.what()),
        Map.entry("rbl_domain", zone.name().name()),
        Map.entry("rbl_reason", reason),
        Map.entry("rbl_txt", reason),
        Map.entry("client", client.toString()),
        Map.entry("client_address", Literals.text(client.address())),
        Map.entry("client_name", client.name()),
        Map.entry("reverse_client_name", client.reverse().name()),
        Map.entry("helo_name", client.helo()),
        Map.entry("sender", asked.sender().toString()),
        Map.entry("sender_name", asked.from().map(Address::localPart).orElse("")),
        Map.entry("sender_domain", asked.from().map(a -> a.domain().name()).orElse("")),
        Map.entry("recipient", asked.recipient().map(Address::toString).orElse("")),
        Map.entry("recipient_name", asked.recipient().map(Address::localPart).orElse("")),
        Map.entry("recipient_domain", asked.recipient().map(a -> a.domain().name()).orElse("")));
  }
}
