package org.caravanmta.filter.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notify;
import org.caravanmta.message.ReceivedField;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of a message by the edits of a content filter.
class EditedMailTest {
  private static final Mail LETTER =
      Letters.letter(
          "Received: from far.example by relay.example id x; now\r\n"
              + "Subject: one\r\nFrom: a@far.example\r\nsubject:two\r\n\tof two\r\n",
          "hello\r\n",
          "b@example.com",
          "c@example.com");

  /// With the field that this server writes.
  private static final Mail RECEIVED =
      LETTER.with(LETTER.headers().prepend(ReceivedField.of(LETTER.envelope(), "mx.example.com")));

  private static Headers.Field field(String name, String value) {
    return Headers.Field.of(name, value);
  }

  private static Mail edit(Mail mail, Edit... edits) {
    return EditedMail.edit(
        mail,
        Arrays.asList(edits),
        added ->
            added.original().localPart().equals("alias")
                ? List.of(
                    added.to(Address.parse("d@example.com")),
                    added.to(Address.parse("b@example.com")))
                : List.of(added));
  }

  /// Names, with a value where a field of the name is there twice.
  private static List<String> names(Mail mail) {
    return mail.headers().fields().stream()
        .map(
            field ->
                field.is("Subject")
                    ? "Subject " + field.value().lines().findFirst().orElse("")
                    : field.name())
        .toList();
  }

  static Stream<Arguments> positions() {
    return Stream.of(
        Arguments.of(
            new Edit.AddField(field("X", "y")),
            "Received, Received, Subject one, From, Subject two, X"),
        Arguments.of(
            new Edit.InsertField(0, field("X", "y")),
            "X, Received, Received, Subject one, From, Subject two"),
        Arguments.of(
            new Edit.InsertField(1, field("X", "y")),
            "Received, X, Received, Subject one, From, Subject two"),
        Arguments.of(
            new Edit.InsertField(3, field("X", "y")),
            "Received, Received, Subject one, X, From, Subject two"),
        Arguments.of(
            new Edit.InsertField(99, field("X", "y")),
            "Received, Received, Subject one, From, Subject two, X"),
        Arguments.of(
            new Edit.ChangeField(2, field("Subject", "new")),
            "Received, Received, Subject one, From, Subject new"),
        Arguments.of(
            new Edit.ChangeField(3, field("Subject", "new")),
            "Received, Received, Subject one, From, Subject two, Subject new"),
        Arguments.of(new Edit.RemoveField(1, "SUBJECT"), "Received, Received, From, Subject two"),
        Arguments.of(new Edit.RemoveField(0, "SUBJECT"), "Received, Received, From"),
        Arguments.of(
            new Edit.RemoveField(0, "Received"), "Received, Subject one, From, Subject two"),
        Arguments.of(
            new Edit.RemoveField(3, "Subject"),
            "Received, Received, Subject one, From, Subject two"),
        // the field of ours is not one that a filter sees
        Arguments.of(
            new Edit.RemoveField(1, "Received"), "Received, Subject one, From, Subject two"),
        Arguments.of(
            new Edit.RemoveField(2, "Received"),
            "Received, Received, Subject one, From, Subject two"),
        Arguments.of(new Edit.ReplaceHeaders(Headers.of(List.of(field("X", "y")))), "Received, X"));
  }

  @ParameterizedTest
  @MethodSource("positions")
  void fieldsAreCountedAsAFilterSeesThem(Edit edit, String expected) {
    assertThat(String.join(", ", names(edit(RECEIVED, edit)))).isEqualTo(expected);
    assertThat(edit(RECEIVED, edit).headers().toString())
        .contains(RECEIVED.headers().fields().getFirst().text());
  }

  @Test
  void theFieldOfOursIsKnownWhereverItStands() {
    Mail edited =
        edit(
            RECEIVED,
            new Edit.InsertField(0, field("A", "1")),
            new Edit.InsertField(1, field("B", "2")),
            new Edit.RemoveField(1, "Received"));
    assertThat(names(edited))
        .containsExactly("A", "B", "Received", "Subject one", "From", "Subject two");
    assertThat(edited.headers().first("Received").orElseThrow().text())
        .isEqualTo(RECEIVED.headers().fields().getFirst().text());
  }

  @Test
  void whatIsNotTouchedKeepsItsBytes() {
    Mail edited =
        edit(RECEIVED, new Edit.RemoveField(1, "From"), new Edit.InsertField(1, field("X", "y")));
    assertThat(edited.headers().toString())
        .endsWith(
            "Received: from far.example by relay.example id x; now\r\n"
                + "Subject: one\r\nsubject:two\r\n\tof two\r\n");
    assertThat(edited.content()).isSameAs(RECEIVED.content());
  }

  @Test
  void aMessageWithoutOurFieldHasNothingAboveTheFirst() {
    for (int index : new int[] {0, 1}) {
      assertThat(names(edit(LETTER, new Edit.InsertField(index, field("X", "y")))))
          .startsWith("X", "Received", "Subject one");
    }
    assertThat(names(edit(LETTER, new Edit.RemoveField(1, "Received"))))
        .containsExactly("Subject one", "From", "Subject two");
  }

  @Test
  void aFieldOfAnotherServerIsNotOurs() {
    assertThat(ReceivedField.isOf(RECEIVED)).isTrue();
    assertThat(ReceivedField.isOf(LETTER)).isFalse();
    Mail other =
        LETTER.with(
            LETTER
                .headers()
                .prepend(field("Received", "by x.example (Caravan) with ESMTP id other; now")));
    assertThat(ReceivedField.isOf(other)).isFalse();
  }

  @Test
  void recipientsComeAsIfRewritten() {
    Mail edited =
        edit(
            LETTER,
            new Edit.AddRecipient(Address.parse("alias@example.com")),
            new Edit.AddRecipient(
                Address.parse("n@example.net"), Optional.of(Notify.NEVER), Optional.empty()));
    assertThat(edited.recipients().stream().map(Recipient::address).map(Address::toString))
        .containsExactly("b@example.com", "c@example.com", "d@example.com", "n@example.net");
    assertThat(edited.recipients().getLast().notifyOn()).contains(Notify.NEVER);
  }

  @Test
  void recipientsGoWithAllThatAliasesMadeOfThem() {
    Mail expanded =
        LETTER.with(
            List.of(
                Recipient.of(Address.parse("List@example.com")).to(Address.parse("x@example.com")),
                Recipient.of(Address.parse("List@example.com")).to(Address.parse("y@example.com")),
                Recipient.of(Address.parse("x@example.com"))));
    Mail edited = edit(expanded, new Edit.RemoveRecipient(Address.parse("list@EXAMPLE.com")));
    assertThat(edited.recipients()).containsExactly(Recipient.of(Address.parse("x@example.com")));
  }

  /// What the filter has not changed is the same object, which others ask for.
  @Test
  void whatIsNotFoundChangesNothing() {
    assertThat(edit(RECEIVED, new Edit.RemoveField(7, "Subject")).headers())
        .isSameAs(RECEIVED.headers());
  }

  @Test
  void editsOfAllKindsAreMadeInTheirOrder() {
    Mail edited =
        edit(
            RECEIVED,
            new Edit.AddField(field("X", "1")),
            new Edit.ChangeSender(ReversePath.NULL),
            new Edit.ReplaceHeaders(Headers.of(List.of(field("A", "1"), field("Subject", "new")))),
            new Edit.RemoveRecipient(Address.parse("b@example.com")),
            new Edit.ChangeField(1, field("Subject", "newer")),
            new Edit.InsertField(2, field("B", "2")));
    assertThat(names(edited)).containsExactly("Received", "A", "B", "Subject newer");
    assertThat(edited.reversePath()).isEqualTo(ReversePath.NULL);
    assertThat(edited.recipients()).hasSize(1);
  }

  @Test
  void tooManyAreNoAnswer() {
    Edit one = new Edit.AddField(field("X", "y"));
    assertThat(
            new FilterAnswer(Judgement.PASS, Collections.nCopies(FilterAnswer.MOST_EDITS, one), "")
                .judgement())
        .isEqualTo(Judgement.PASS);
    FilterAnswer more =
        new FilterAnswer(
            new Judgement.Quarantine("x"),
            Collections.nCopies(FilterAnswer.MOST_EDITS + 1, one),
            "");
    assertThat(more.judgement()).isEqualTo(new Judgement.NoAnswer("more than 10000 changes"));
    assertThat(more.edits()).isEmpty();
  }

  @Test
  void senderAndBodyAreReplaced() {
    var body = new Content.Inline(new byte[] {'x'});
    Mail edited = edit(LETTER, new Edit.ChangeSender(ReversePath.NULL), new Edit.ReplaceBody(body));
    assertThat(edited.reversePath()).isEqualTo(ReversePath.NULL);
    assertThat(edited.content()).isSameAs(body);
  }
}
