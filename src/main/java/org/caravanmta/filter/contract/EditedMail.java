package org.caravanmta.filter.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.ReceivedField;
import org.caravanmta.message.Recipient;
import org.jspecify.annotations.Nullable;

/// A message while the edits of a content filter are made in it.
public final class EditedMail {
  private final Function<Recipient, List<Recipient>> rewriting;
  private final Optional<byte[]> ours;
  private Mail mail;

  /// The fields of the message with the edits so far; absent as long as they are those that it has.
  private @Nullable List<Headers.Field> edited;

  /// @param rewriting what becomes of a recipient that a filter adds: its standard form, what
  ///   aliases stand for
  public EditedMail(Mail mail, Function<Recipient, List<Recipient>> rewriting) {
    this.mail = mail;
    this.rewriting = rewriting;
    this.ours =
        hidden(mail) == 0
            ? Optional.empty()
            : Optional.of(mail.headers().fields().getFirst().raw());
  }

  /// Makes the edits in a message.
  public static Mail edit(
      Mail mail, List<Edit> edits, Function<Recipient, List<Recipient>> rewriting) {
    var edited = new EditedMail(mail, rewriting);
    edits.forEach(edited::make);
    return edited.mail();
  }

  /// The message with the edits that have been made.
  public Mail mail() {
    List<Headers.Field> made = edited;
    if (made != null) {
      mail = mail.with(Headers.of(made));
      edited = null;
    }
    return mail;
  }

  /// Makes one more edit.
  public void make(Edit edit) {
    switch (edit) {
      case Edit.AddField(Headers.Field field) -> changed().add(field);
      case Edit.InsertField(int index, Headers.Field field) -> insert(index, field);
      case Edit.ChangeField(int index, Headers.Field field) -> change(index, field);
      case Edit.RemoveField(int index, String name) -> remove(index, name);
      case Edit.ReplaceHeaders(Headers headers) -> replace(headers);
      case Edit.AddRecipient added -> mail = add(added);
      case Edit.RemoveRecipient(Address address) -> mail = remove(address);
      case Edit.ChangeSender(var path, var parameters) -> mail = change(path, parameters);
      case Edit.ReplaceBody(var content) -> mail = mail.with(content);
    }
  }

  /// How many fields at the top of a message's header section a filter does not see: the one that
  /// this server has written when the message came.
  public static int hidden(Mail mail) {
    return ReceivedField.isOf(mail) ? 1 : 0;
  }

  /// The fields as they are by now.
  private List<Headers.Field> fields() {
    List<Headers.Field> made = edited;
    return made == null ? mail.headers().fields() : made;
  }

  /// The same, to be changed: a section is made of them when all edits are made, not after each.
  private List<Headers.Field> changed() {
    List<Headers.Field> made = edited;
    if (made == null) {
      made = new ArrayList<>(mail.headers().fields());
      edited = made;
    }
    return made;
  }

  private void insert(int index, Headers.Field field) {
    // where there is no field of ours, what would be above and what would be below it is the same
    long at = ours.isEmpty() ? index - 1L : index;
    changed().add(Math.clamp(at, 0, fields().size()), field);
  }

  private void change(int index, Headers.Field field) {
    int at = position(index, field.name());
    if (at < 0) {
      changed().add(field);
    } else {
      changed().set(at, field);
    }
  }

  private void remove(int index, String name) {
    if (index == 0) {
      changed().removeIf(field -> field.is(name) && !isOurs(field));
      return;
    }
    int at = position(index, name);
    if (at >= 0) {
      changed().remove(at);
    }
  }

  private void replace(Headers headers) {
    var made = new ArrayList<Headers.Field>();
    fields().stream().filter(this::isOurs).limit(1).forEach(made::add);
    made.addAll(headers.fields());
    edited = made;
  }

  /// @return -1 if there are not so many
  private int position(int index, String name) {
    List<Headers.Field> fields = fields();
    int left = index;
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).is(name) && !isOurs(fields.get(i)) && --left == 0) {
        return i;
      }
    }
    return -1;
  }

  /// Whether it is the field that this server has written, wherever it stands by now.
  private boolean isOurs(Headers.Field field) {
    return ours.filter(raw -> Arrays.equals(raw, field.raw())).isPresent();
  }

  private Mail change(ReversePath path, MailOptions given) {
    MailOptions kept = mail.envelope().parameters();
    var changed =
        new MailOptions(
            kept.body(),
            kept.smtputf8(),
            given.ret().or(kept::ret),
            given.envid().or(kept::envid),
            kept.verp(),
            kept.requireTls());
    return mail.with(mail.envelope().with(path).with(changed));
  }

  private Mail add(Edit.AddRecipient added) {
    var given =
        new Recipient(
            added.address(), added.address(), added.notifyOn(), added.orcpt(), Optional.empty());
    var recipients = new ArrayList<>(mail.recipients());
    for (Recipient each : rewriting.apply(given)) {
      if (recipients.stream().noneMatch(known -> known.address().equals(each.address()))) {
        recipients.add(each);
      }
    }
    return mail.with(recipients);
  }

  private Mail remove(Address address) {
    return mail.with(
        mail.recipients().stream()
            .filter(recipient -> !recipient.original().key().equals(address.key()))
            .toList());
  }
}
