package org.caravanmta.message;

import java.util.Optional;

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

  @Override
  public Notice read(Wire.Reader from) {
    return new Notice(from.pick(Notice.Action.values()), mails.read(from));
  }
}
