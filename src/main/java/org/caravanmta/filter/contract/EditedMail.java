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

/// A message while the edits of a content filter are made in it.
public final class EditedMail {
  private final Function<Recipient, List<Recipient>> rewriting;
  private final Optional<byte[]> ours;
  private Mail mail;

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
    return mail;
  }

  /// Makes one more edit.
  public void make(Edit edit) {
    mail =
        switch (edit) {
          case Edit.AddField(Headers.Field field) -> mail.with(mail.headers().append(field));
          case Edit.InsertField(int index, Headers.Field field) -> insert(index, field);
          case Edit.ChangeField(int index, Headers.Field field) -> change(index, field);
          case Edit.RemoveField(int index, String name) -> remove(index, name);
          case Edit.ReplaceHeaders(Headers headers) -> replace(headers);
          case Edit.AddRecipient added -> add(added);
          case Edit.RemoveRecipient(Address address) -> remove(address);
          case Edit.ChangeSender(var path, var parameters) -> change(path, parameters);
          case Edit.ReplaceBody(var content) -> mail.with(content);
        };
  }

  /// How many fields at the top of a message's header section a filter does not see: the one that
  /// this server has written when the message came.
  public static int hidden(Mail mail) {
    return ReceivedField.isOf(mail) ? 1 : 0;
  }

  private Mail insert(int index, Headers.Field field) {
    var fields = new ArrayList<>(mail.headers().fields());
    // where there is no field of ours, what would be above and what would be below it is the same
    int at = ours.isEmpty() ? Math.max(0, index - 1) : index;
    fields.add(Math.min(at, fields.size()), field);
    return mail.with(Headers.of(fields));
  }

  private Mail change(int index, Headers.Field field) {
    int at = position(index, field.name());
    if (at < 0) {
      return mail.with(mail.headers().append(field));
    }
    var fields = new ArrayList<>(mail.headers().fields());
    fields.set(at, field);
    return mail.with(Headers.of(fields));
  }

  private Mail remove(int index, String name) {
    int at = position(index, name);
    if (at < 0) {
      return mail;
    }
    var fields = new ArrayList<>(mail.headers().fields());
    fields.remove(at);
    return mail.with(Headers.of(fields));
  }

  private Mail replace(Headers headers) {
    var fields = new ArrayList<Headers.Field>();
    mail.headers().fields().stream().filter(this::isOurs).limit(1).forEach(fields::add);
    fields.addAll(headers.fields());
    return mail.with(Headers.of(fields));
  }

  /// @return -1 if there are not so many
  private int position(int index, String name) {
    List<Headers.Field> fields = mail.headers().fields();
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
