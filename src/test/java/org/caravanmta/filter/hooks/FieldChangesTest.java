package org.caravanmta.filter.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.ReceivedField;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

/// A law: whatever a service makes of a header section, the edits make the same of it, but for the
/// field that this server has written, which is there once, and above all that it was above.
class FieldChangesTest {
  private static final int SECTIONS = 2000;

  private static Mail received(Mail mail) {
    return mail.with(mail.headers().prepend(ReceivedField.of(mail.envelope(), "mx.example.com")));
  }

  private static String section(Random random) {
    var section = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      section
          .append((char) ('A' + random.nextInt(3)))
          .append(":")
          .append(" ".repeat(random.nextInt(3)));
      section.append(random.nextInt(3)).append("\r\n");
    }
    return section.toString();
  }

  private static List<JsonValue> described(Mail mail) {
    return new ArrayList<>(mail.headers().fields().stream().map(Description::field).toList());
  }

  /// Removes, adds, repeats and moves.
  private static List<JsonValue> changed(List<JsonValue> fields, Random random) {
    var changed = new ArrayList<>(fields);
    for (int i = random.nextInt(5); i > 0; i--) {
      int at = random.nextInt(changed.size() + 1);
      switch (random.nextInt(4)) {
        case 0 ->
            changed.add(
                at,
                Json.createObjectBuilder()
                    .add("name", "" + (char) ('A' + random.nextInt(3)))
                    .add("value", "" + random.nextInt(4))
                    .build());
        case 1 -> changed.subList(at, Math.min(at + 1, changed.size())).clear();
        case 2 -> changed.addAll(at, List.copyOf(fields.subList(0, Math.min(1, fields.size()))));
        default -> Collections.rotate(changed, random.nextInt(3));
      }
    }
    return changed;
  }

  private static List<String> text(List<JsonValue> fields) {
    return fields.stream().map(Object::toString).toList();
  }

  private static Mail edited(Mail mail, List<JsonValue> wanted) throws IOException {
    return EditedMail.edit(
        mail, FieldChanges.of(mail, Json.createArrayBuilder(wanted).build()), List::of);
  }

  @Test
  void makesAnySectionOfAnyOther() throws Exception {
    var random = new Random(7);
    for (int i = 0; i < SECTIONS; i++) {
      Mail mail = Letters.letter(section(random), "x\r\n", "b@example.com");
      List<JsonValue> wanted = changed(described(mail), random);
      assertThat(text(described(edited(mail, wanted)))).isEqualTo(text(wanted));
    }
  }

  @Test
  void theFieldOfThisServerStays() throws Exception {
    var random = new Random(7);
    for (int i = 0; i < SECTIONS; i++) {
      Mail mail = received(Letters.letter(section(random), "x\r\n", "b@example.com"));
      JsonValue ours = Description.field(mail.headers().fields().getFirst());
      List<JsonValue> wanted = changed(described(mail), random);
      Mail edited = edited(mail, wanted);
      List<JsonValue> made = described(edited);
      var others = new ArrayList<>(wanted);
      others.remove(ours);
      assertThat(made).contains(ours);
      int at = made.indexOf(ours);
      if (at == wanted.indexOf(ours)) {
        assertThat(text(made)).isEqualTo(text(wanted));
      } else {
        assertThat(at).isLessThanOrEqualTo(Math.max(0, wanted.indexOf(ours)));
        made.remove(at);
        assertThat(text(made)).isEqualTo(text(others));
      }
    }
  }

  @Test
  void whatIsNotChangedIsNotTouched() throws Exception {
    Mail mail = Letters.letter("A:  1\r\nB:2\r\nA:\t1 \r\n", "x\r\n", "b@example.com");
    List<JsonValue> wanted = described(mail);
    Collections.reverse(wanted);
    List<Headers.Field> made = edited(mail, wanted).headers().fields();
    assertThat(made.stream().map(Headers.Field::name)).containsExactly("A", "B", "A");
    assertThat(made.stream().map(field -> new String(field.raw(), UTF_8))).contains("B:2\r\n");
    assertThat(FieldChanges.of(mail, Json.createArrayBuilder(described(mail)).build())).isEmpty();
  }
}
