package org.caravanmta.queue.reader;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QuestionChannel;
import org.caravanmta.queue.spi.Received;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Questions that came over a link and are being answered. Whoever asked one is told again and
/// again that it is under way, as long as it is, and asks another when that ends without an answer.
final class Underway {
  private static final Logger LOG = LoggerFactory.getLogger(Underway.class);

  /// A question by its asker's reply queue and number.
  record Question(String replyTo, long number) {
    /// Absent where whoever asks wants no signs.
    static Optional<Question> of(Received received) {
      var message = received.message();
      String replyTo = message.getStringProperty(QuestionChannel.REPLY_TO);
      Long number = message.getLongProperty(QuestionChannel.QUESTION);
      return message.containsProperty(QuestionChannel.UNDER_WAY) && replyTo != null
          ? Optional.of(new Question(replyTo, number))
          : Optional.empty();
    }
  }

  private final Map<Question, Long> begun = new ConcurrentHashMap<>();

  /// @return false if it is under way already: whoever asked had no sign of that in time
  boolean begin(Question question) {
    return begun.putIfAbsent(question, System.nanoTime()) == null;
  }

  void end(Question question) {
    begun.remove(question);
  }

  /// Tells the askers of what is not answered at once.
  void tell(Link link) {
    long now = System.nanoTime();
    try {
      for (var each : begun.entrySet()) {
        if (now - each.getValue() > TimeUnit.MILLISECONDS.toNanos(QuestionChannel.SIGN)) {
          Map<String, Object> sign =
              Map.of(
                  QuestionChannel.QUESTION,
                  each.getKey().number(),
                  QuestionChannel.UNDER_WAY,
                  true);
          link.send(new Frame(each.getKey().replyTo(), new byte[0], sign, false));
        }
      }
    } catch (ActiveMQException | RuntimeException e) {
      LOG.debug("signs that questions are under way are lost: {}", e.toString());
    }
  }
}
