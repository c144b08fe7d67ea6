package org.caravanmta.dns;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/// Sees every message that one lookup needs, for a lookup of dnsjava does not say whether they were
/// validated, nor how long they hold.
final class Witness implements Resolver {
  /// How long an answer is remembered at most, whatever it says (RFC 8767 §4).
  private static final long LONGEST_SECONDS = 7 * 86_400;

  /// That a name does not exist is remembered for an hour at most, so that a new name is soon
  /// found.
  private static final long LONGEST_ABSENCE_SECONDS = 3600;

  private final Resolver asked;
  private final List<Message> seen = new CopyOnWriteArrayList<>();

  Witness(Resolver asked) {
    this.asked = asked;
  }

  @Override
  public CompletionStage<Message> sendAsync(Message query, Executor executor) {
    return asked
        .sendAsync(query, executor)
        .thenApply(
            answer -> {
              seen.add(answer);
              return answer;
            });
  }

  /// Whether all messages were validated; an answer without any, from the hosts file, was not.
  boolean secure() {
    return !seen.isEmpty() && seen.stream().allMatch(m -> m.getHeader().getFlag(Flags.AD));
  }

  /// How many seconds records may be remembered: no longer than each of them lives, and than its
  /// signature holds (RFC 4035 §5.3.3).
  long lifetime() {
    return seen.isEmpty()
        ? 0
        : seen.stream()
            .flatMap(message -> message.getSection(Section.ANSWER).stream())
            .mapToLong(Witness::holds)
            .reduce(LONGEST_SECONDS, Math::min);
  }

  /// How many seconds it may be remembered that there is nothing (RFC 2308 §5): 0 if no SOA record
  /// says so.
  long absence() {
    if (seen.isEmpty()) {
      return 0;
    }
    long limit =
        seen.getLast().getSection(Section.AUTHORITY).stream()
            .filter(SOARecord.class::isInstance)
            .map(SOARecord.class::cast)
            .mapToLong(soa -> Math.min(soa.getTTL(), soa.getMinimum()))
            .min()
            .orElse(0);
    return LongStream.of(LONGEST_ABSENCE_SECONDS, limit, lifetime()).min().orElse(0);
  }

  private static long holds(Record record) {
    return record instanceof RRSIGRecord signature
        ? Math.min(
            record.getTTL(),
            Math.max(0, Duration.between(Instant.now(), signature.getExpire()).toSeconds()))
        : record.getTTL();
  }

  @Override
  public Duration getTimeout() {
    return asked.getTimeout();
  }

  @Override
  public void setTimeout(Duration timeout) {
    throw unsettable();
  }

  @Override
  public void setPort(int port) {
    throw unsettable();
  }

  @Override
  public void setTCP(boolean flag) {
    throw unsettable();
  }

  @Override
  public void setIgnoreTruncation(boolean flag) {
    throw unsettable();
  }

  @Override
  public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
    throw unsettable();
  }

  @Override
  public void setTSIGKey(TSIG key) {
    throw unsettable();
  }

  private static UnsupportedOperationException unsettable() {
    return new UnsupportedOperationException("only listens");
  }
}
