package org.caravanmta.message;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.ReversePath;

/// Writes and reads a {@link Notice}: the action, then the mail as {@link MailCodec} has it.
public final class NoticeCodec implements Codec<Notice> {
  private final MailCodec mails = new MailCodec();

  @Override
  public byte tag() {
    return 'N';
  }

  @Override
  public Class<Notice> type() {
    return Notice.class;
  }

  @Override
  public int room(Notice notice) {
    return mails.room(notice.mail()) + 1;
  }

  @Override
  public void write(Notice notice, Wire.Writer to) {
    to.octet(notice.action().ordinal());
    mails.write(notice.mail(), to);
  }

  @Override
  public Optional<Mail> mail(Notice value) {
    return Optional.of(value.mail());
  }

  /// What befell one message in one way: its sender is told once.
  private record Kin(Notice.Action action, String id, ReversePath sender, long size) {}

  @Override
  public Optional<Object> kin(Notice notice) {
    Mail mail = notice.mail();
    return Optional.of(new Kin(notice.action(), mail.id(), mail.reversePath(), mail.size()));
  }

  @Override
  public Notice joined(List<Notice> kin) {
    Notice first = kin.getFirst();
    var recipients =
        kin.stream().flatMap(notice -> notice.mail().recipients().stream()).distinct().toList();
    return new Notice(first.action(), first.mail().with(recipients));
  }

  @Override
  public Notice read(Wire.Reader from) {
    return new Notice(from.pick(Notice.Action.values()), mails.read(from));
  }
}
