package org.caravanmta.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes and reads a {@link Notice}: the action, then the mail as {@link MailCodec} writes it,
/// then the list of {@link Notice#also}, unless it is empty.
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
    return (mails.room(notice.mail()) + 1) * (1 + notice.also().size());
  }

  @Override
  public byte version(Notice notice) {
    return mails.version(notice.mail());
  }

  @Override
  public void write(Notice notice, WireWriter to) {
    writePart(notice, to);
    if (!notice.also().isEmpty()) {
      to.list(notice.also(), (writer, part) -> writePart(part, writer));
    }
  }

  private void writePart(Notice part, WireWriter to) {
    to.octet(part.action().ordinal());
    mails.write(part.mail(), to);
  }

  @Override
  public Optional<Mail> mail(Notice value) {
    return Optional.of(value.mail());
  }

  @Override
  public Optional<Object> groupKey(Notice notice) {
    return Optional.of(notice.groupKey());
  }

  @Override
  public Notice joined(List<Notice> notices) {
    return Notice.joined(notices);
  }

  @Override
  public Optional<Glance> glance(WireReader from) {
    Glance first = glanceAtPart(from);
    if (from.atEnd()) {
      return Optional.of(first);
    }
    var recipients = new ArrayList<>(first.envelope().recipients());
    from.list(this::glanceAtPart).forEach(also -> recipients.addAll(also.envelope().recipients()));
    return Optional.of(new Glance(first.envelope().with(recipients), first.size(), first.notice()));
  }

  private Glance glanceAtPart(WireReader from) {
    Notice.Action action = from.pick(Notice.Action.values());
    Glance about = MailCodec.glanceAt(from);
    return new Glance(about.envelope(), about.size(), Optional.of(action));
  }

  @Override
  public Notice read(WireReader from) {
    Notice first = readPart(from);
    return from.atEnd()
        ? first
        : new Notice(first.action(), first.mail(), from.list(this::readPart));
  }

  private Notice readPart(WireReader from) {
    return new Notice(from.pick(Notice.Action.values()), mails.read(from));
  }
}
