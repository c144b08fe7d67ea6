package org.caravanmta.filter.hooks;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Ascii;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.FieldText;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;

/// The edits that make one header section of another (RFC 5322 §2.2), as a service has left it.
/// Fields that it has not changed keep their bytes, also where it has moved them. The field that
/// this server has written stays on top of all that were there.
final class FieldChanges {
  private final List<Headers.Field> old;
  private final List<JsonValue> was;
  private final List<JsonValue> is;
  private final boolean hidden;
  private final int ours;

  private FieldChanges(Mail mail, JsonArray wanted) {
    hidden = EditedMail.hidden(mail) > 0;
    List<Headers.Field> fields = mail.headers().fields();
    old = fields.subList(hidden ? 1 : 0, fields.size());
    was = new ArrayList<>(old.stream().map(Description::field).toList());
    is = new ArrayList<>(wanted);
    ours = hidden ? is.indexOf(Description.field(fields.getFirst())) : -1;
    if (ours >= 0) {
      is.remove(ours);
    }
  }

  /// @param wanted names and values
  /// @throws IOException if they are not those of fields
  static List<Edit> of(Mail mail, JsonArray wanted) throws IOException {
    return new FieldChanges(mail, wanted).edits();
  }

  private List<Edit> edits() throws IOException {
    boolean[] kept = new boolean[was.size()];
    boolean[] stays = new boolean[is.size()];
    match(kept, stays);
    var edits = new ArrayList<Edit>();
    for (int i = was.size() - 1; i >= 0; i--) {
      if (!kept[i]) {
        edits.add(new Edit.RemoveField(number(i), old.get(i).name()));
      }
    }
    Map<JsonValue, Headers.Field> bytes = new HashMap<>();
    for (int i = was.size() - 1; i >= 0; i--) {
      bytes.put(was.get(i), old.get(i));
    }
    // what is put above the field of ours; it does not move below others
    int above = 0;
    while (above < ours && above < stays.length && !stays[above]) {
      above++;
    }
    for (int i = 0; i < stays.length; i++) {
      if (!stays[i]) {
        Headers.Field known = bytes.get(is.get(i));
        edits.add(
            new Edit.InsertField(
                hidden && i < above ? i : i + 1, known == null ? field(is.get(i)) : known));
      }
    }
    return edits;
  }

  /// Which fields are the same before and after, in the same order. They are looked for from below,
  /// since services put theirs above.
  private void match(boolean[] kept, boolean[] stays) {
    int end = was.size();
    int last = is.size();
    while (end > 0 && last > 0 && was.get(end - 1).equals(is.get(last - 1))) {
      end--;
      last--;
      kept[end] = true;
      stays[last] = true;
    }
    int top = 0;
    while (top < end && top < last && was.get(top).equals(is.get(top))) {
      kept[top] = true;
      stays[top] = true;
      top++;
    }
    for (int i = last - 1; i >= top; i--) {
      int found = was.subList(top, end).lastIndexOf(is.get(i));
      if (found >= 0) {
        end = top + found;
        kept[end] = true;
        stays[i] = true;
      }
    }
  }

  /// Which of the fields of its name it is, from 1 on.
  private int number(int index) {
    String name = old.get(index).name();
    return (int)
        old.subList(0, index + 1).stream().filter(field -> Ascii.same(field.name(), name)).count();
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
