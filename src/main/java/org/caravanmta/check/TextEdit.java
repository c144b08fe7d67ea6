package org.caravanmta.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.address.Octets;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;

/// The text of one message as rules have edited it so far. Fields and lines that no rule changes
/// keep their bytes.
final class TextEdit {
  private static final byte[] NOTHING = {};

  private final Mail mail;
  private final List<Headers.Field> fields = new ArrayList<>();
  private final ContentEdit content;
  private final List<Headers.Field> replaced = new ArrayList<>();
  private boolean changed;
  private int looked;

  /// @param ref the name under which changed content is stored
  TextEdit(Mail mail, ContentStore store, String ref) {
    this.mail = mail;
    this.content = new ContentEdit(mail.content(), store, ref);
  }

  /// Leaves the next field of the header section as it is.
  void keep(Headers.Field field) {
    looked++;
    fields.add(field);
  }

  /// Does to the next field of the header section what a rule says.
  void field(Headers.Field field, RuleAction action) {
    looked++;
    switch (action) {
      case RuleAction.Strip _ -> changed = true;
      case RuleAction.Replace(String text) -> {
        Headers.Field other = field(text);
        fields.add(other);
        replaced.add(other);
        changed = true;
      }
      case RuleAction.Prepend(String text) -> {
        fields.add(field(text));
        fields.add(field);
        changed = true;
      }
      case RuleAction.Reject _,
          RuleAction.Discard _,
          RuleAction.Hold _,
          RuleAction.Filter _,
          RuleAction.Redirect _,
          RuleAction.Copy _,
          RuleAction.Log _,
          RuleAction.Pass _,
          RuleAction.Nothing _ ->
          fields.add(field);
    }
  }

  /// Does to a unit of the content what a rule says.
  ///
  /// @param at where the unit is: the current one
  void content(Units at, RuleAction action) throws IOException {
    switch (action) {
      // the end of a line stays as long as another piece of the line does
      case RuleAction.Strip _ ->
          content.replace(
              at.start(),
              at.end(),
              at.endsLine() && !at.startsLine() ? Octets.bytes("\r\n") : NOTHING);
      case RuleAction.Replace(String text) ->
          content.replace(at.start(), at.end(), Octets.bytes(at.endsLine() ? text + "\r\n" : text));
      case RuleAction.Prepend(String text) ->
          content.replace(at.start(), at.start(), Octets.bytes(text + "\r\n"));
      case RuleAction.Reject _,
          RuleAction.Discard _,
          RuleAction.Hold _,
          RuleAction.Filter _,
          RuleAction.Redirect _,
          RuleAction.Copy _,
          RuleAction.Log _,
          RuleAction.Pass _,
          RuleAction.Nothing _ -> {}
    }
  }

  /// The fields that REPLACE has written into the header section.
  List<Headers.Field> replaced() {
    return List.copyOf(replaced);
  }

  /// The message after all edits.
  Mail finish() throws IOException {
    Mail result = mail;
    if (changed) {
      // the fields after the last one that was looked at
      List<Headers.Field> all = mail.headers().fields();
      fields.addAll(all.subList(looked, all.size()));
      result = result.with(Headers.of(fields));
    }
    Content now = content.finish();
    return now == mail.content() ? result : result.with(now);
  }

  /// Removes what has been written so far.
  void abandon() {
    content.abandon();
  }

  private static Headers.Field field(String text) {
    byte[] raw = Octets.bytes(text + "\r\n");
    int name = Headers.nameEnd(raw, 0, raw.length);
    return new Headers.Field(new String(raw, 0, name, StandardCharsets.US_ASCII), raw);
  }
}
