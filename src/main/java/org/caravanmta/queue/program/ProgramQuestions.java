package org.caravanmta.queue.program;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.artemis.api.core.ActiveMQAddressExistsException;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQQueueExistsException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.reader.MessageUtil;
import org.apache.activemq.artemis.reader.TextMessageUtil;
import org.caravanmta.queue.spi.Break;
import org.caravanmta.queue.spi.Broker;
import org.jspecify.annotations.Nullable;

/// Asks programs through the broker. One connection for all, opened when it is first needed, and
/// again when it has broken.
public final class ProgramQuestions implements AutoCloseable {
  /// What the names of the queues of answers start with; the embedded broker lets programs send
  /// there.
  private static final String ANSWERS = "filter-answers.";

  /// More than an answer has that replaces no message.
  private static final long SPARE = 1 << 20;

  /// More is not read, whatever the message was.
  private static final long LONGEST = 128 << 20;

  private final Broker broker;
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
  private @Nullable Way way;
  private boolean closed;

  public ProgramQuestions(Broker broker) {
    this.broker = broker;
  }

  /// A question.
  ///
  /// @param longest the most bytes that its answer may have
  private record Waiting(CompletableFuture<byte[]> answer, long longest) {}

  /// A connection with its queue of answers.
  private record Way(
      ClientSessionFactory connection, ClientSession asking, ClientProducer out, String answers) {
    void close() {
      connection.close();
    }
  }

  /// Lets programs take from a queue, from now on.
  public void open(String queue) {
    broker.admitPrograms(queue);
    try {
      synchronized (this) {
        ensure(way().asking(), at(queue));
      }
    } catch (ActiveMQException e) {
      // it is made with the first question
    }
  }

  /// Asks whoever takes from the queue first.
  ///
  /// @param queue `filter.NAME`
  /// @param question the body of the message that the program gets
  /// @return the body of its answer
  /// @throws IOException if there is none in time, or a longer one than a question of that length
  ///   has
  public byte[] ask(String queue, byte[] question, Duration patience) throws IOException {
    String id = UUID.randomUUID().toString();
    var answer = new CompletableFuture<byte[]>();
    waiting.put(id, new Waiting(answer, Math.min(SPARE + 2L * question.length, LONGEST)));
    try {
      send(queue, id, question, patience);
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "no program has answered from " + queue + " within " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
    } catch (ActiveMQException e) {
      drop();
      throw new IOException("the broker: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      waiting.remove(id);
    }
  }

  /// One at a time: a session is for one thread.
  private synchronized void send(String queue, String id, byte[] question, Duration patience)
      throws ActiveMQException {
    Way open = way();
    SimpleString at = at(queue);
    ensure(open.asking(), at);
    ClientMessage message = open.asking().createMessage(Message.BYTES_TYPE, false);
    MessageUtil.setJMSCorrelationID(message, id);
    MessageUtil.setJMSReplyTo(message, open.answers());
    message.setExpiration(System.currentTimeMillis() + patience.toMillis());
    message.getBodyBuffer().writeBytes(question);
    open.out().send(at, message);
  }

  private SimpleString at(String queue) {
    return broker.connections().names().at(queue);
  }

  private synchronized Way way() throws ActiveMQException {
    if (closed) {
      throw new ActiveMQException("the server ends");
    }
    Way open = way;
    if (open == null) {
      open = connect();
      way = open;
    }
    return open;
  }

  private Way connect() throws ActiveMQException {
    ClientSessionFactory connection = broker.connections().open();
    try {
      ClientSession answers = broker.connections().direct(connection);
      String name = broker.connections().names().text(ANSWERS + UUID.randomUUID());
      answers.createQueue(
          QueueConfiguration.of(name)
              .setAddress(name)
              .setRoutingType(RoutingType.ANYCAST)
              .setDurable(false)
              .setTemporary(true)
              .setAutoCreateAddress(true));
      answers.createConsumer(name).setMessageHandler(this::answered);
      answers.addFailureListener(new Break(_ -> lost()));
      answers.start();
      ClientSession asking = broker.connections().direct(connection);
      return new Way(connection, asking, asking.createProducer(), name);
    } catch (ActiveMQException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /// Questions are not kept: what nobody takes in time is gone.
  private static void ensure(ClientSession session, SimpleString queue) throws ActiveMQException {
    if (session.queueQuery(queue).isExists()) {
      return;
    }
    try {
      if (!session.addressQuery(queue).isExists()) {
        session.createAddress(queue, RoutingType.ANYCAST, false);
      }
      session.createQueue(
          QueueConfiguration.of(queue)
              .setAddress(queue)
              .setRoutingType(RoutingType.ANYCAST)
              .setDurable(false));
    } catch (ActiveMQQueueExistsException | ActiveMQAddressExistsException e) {
      // another was faster
    }
  }

  private void answered(ClientMessage reply) {
    Object id = MessageUtil.getJMSCorrelationID(reply);
    Waiting question = id == null ? null : waiting.get(id.toString());
    if (question == null) {
      return;
    }
    try {
      question.answer().complete(body(reply, question.longest()));
    } catch (IOException | RuntimeException e) {
      // bytes that are not the text that they are said to be
      question.answer().completeExceptionally(e);
    }
  }

  /// What is longer than it may be is not read.
  private static byte[] body(ClientMessage reply, long longest) throws IOException {
    boolean isText = reply.getType() == Message.TEXT_TYPE;
    long length = reply.isLargeMessage() ? whole(reply) : reply.getBodySize();
    // a text has two bytes for each character
    if (length > (isText ? 2 * longest : longest)) {
      throw new IOException("an answer longer than " + longest + " bytes");
    }
    if (isText) {
      SimpleString text = TextMessageUtil.readBodyText(reply.getBodyBuffer());
      return text == null ? new byte[0] : text.toString().getBytes(StandardCharsets.UTF_8);
    }
    byte[] body = new byte[reply.getBodySize()];
    reply.getBodyBuffer().readBytes(body);
    return body;
  }

  private static long whole(ClientMessage reply) {
    Long length = reply.getLongProperty(Message.HDR_LARGE_BODY_SIZE);
    return length == null ? Long.MAX_VALUE : length;
  }

  private void lost() {
    drop();
    waiting
        .values()
        .forEach(
            each -> each.answer().completeExceptionally(new IOException("the broker is away")));
  }

  private synchronized void drop() {
    Way open = way;
    way = null;
    if (open != null) {
      Thread.ofVirtual().start(open::close);
    }
  }

  @Override
  public void close() {
    Way open;
    synchronized (this) {
      closed = true;
      open = way;
      way = null;
    }
    if (open != null) {
      open.close();
    }
  }
}
