package org.caravanmta.filter.hooks;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.FieldText;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;

/// The edits that make one header section of another (RFC 5322 §2.2), as a service has left it.
/// Fields that it has not changed keep their bytes, also where it has moved them. The field that
/// this server has written stays on top of all that were there.
final class FieldChanges {
  private final List<Headers.Field> old;
  private final List<JsonValue> was;
  private final List<JsonValue> is;
  private final int ours;

  private FieldChanges(Mail mail, JsonArray wanted) {
    int hidden = EditedMail.hidden(mail);
    List<Headers.Field> fields = mail.headers().fields();
    old = fields.subList(hidden, fields.size());
    was = new ArrayList<>(old.stream().map(Description::field).toList());
    is = new ArrayList<>(wanted);
    ours = hidden > 0 ? is.indexOf(Description.field(fields.getFirst())) : -1;
    if (ours >= 0) {
      is.remove(ours);
    }
  }

  /// @param wanted names and values
  /// @throws IOException if they are not those of fields, or far more than there were
  static List<Edit> of(Mail mail, JsonArray wanted) throws IOException {
    return new FieldChanges(mail, wanted).edits();
  }

  private List<Edit> edits() throws IOException {
    // what there was is not counted: nobody who sends many fields has a service give no answer
    if (is.size() - was.size() > FilterAnswer.MOST_EDITS) {
      throw new IOException("more than " + FilterAnswer.MOST_EDITS + " fields more");
    }
    if (is.equals(was)) {
      return List.of();
    }
    int[] stays = matched();
    // what is put above the field of ours; it does not move below others
    int above = 0;
    while (above < ours && above < stays.length && stays[above] < 0) {
      above++;
    }
    List<Headers.Field> made = made(stays);
    var edits = new ArrayList<Edit>();
    edits.add(new Edit.ReplaceHeaders(Headers.of(made.subList(above, made.size()))));
    for (int i = 0; i < above; i++) {
      edits.add(new Edit.InsertField(i, made.get(i)));
    }
    return edits;
  }

  private List<Headers.Field> made(int[] stays) throws IOException {
    Map<JsonValue, Headers.Field> bytes = new HashMap<>();
    for (int i = was.size() - 1; i >= 0; i--) {
      bytes.put(was.get(i), old.get(i));
    }
    var made = new ArrayList<Headers.Field>();
    for (int i = 0; i < stays.length; i++) {
      Headers.Field known = stays[i] < 0 ? bytes.get(is.get(i)) : old.get(stays[i]);
      made.add(known == null ? field(is.get(i)) : known);
    }
    return made;
  }

  /// Which of the fields before each of those after is, in the same order; -1 for none. They are
  /// looked for from below, since services put theirs above.
  private int[] matched() {
    int[] stays = new int[is.size()];
    Arrays.fill(stays, -1);
    int end = was.size();
    int last = is.size();
    while (end > 0 && last > 0 && was.get(end - 1).equals(is.get(last - 1))) {
      stays[--last] = --end;
    }
    int top = 0;
    while (top < end && top < last && was.get(top).equals(is.get(top))) {
      stays[top] = top;
      top++;
    }
    Map<JsonValue, Deque<Integer>> left = new HashMap<>();
    for (int i = top; i < end; i++) {
      left.computeIfAbsent(was.get(i), _ -> new ArrayDeque<>()).addLast(i);
    }
    for (int i = last - 1; i >= top; i--) {
      Deque<Integer> same = left.getOrDefault(is.get(i), new ArrayDeque<>());
      while (!same.isEmpty() && same.getLast() >= end) {
        same.removeLast();
      }
      if (!same.isEmpty()) {
        end = same.removeLast();
        stays[i] = end;
      }
    }
    return stays;
  }

  private static Headers.Field field(JsonValue value) throws IOException {
    JsonObject field = HooksJson.object(value, "a field");
    Optional<String> name = HooksJson.text(field, "name");
    if (field.size() != 2 || name.isEmpty()) {
      throw new IOException("a field that is not a name and a value");
    }
    return FieldText.of(name.get(), HooksJson.required(HooksJson.text(field, "value"), "a value"));
  }
}
