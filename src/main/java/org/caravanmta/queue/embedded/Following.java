package org.caravanmta.queue.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.RoutingContext;
import org.apache.activemq.artemis.core.server.ServerConsumer;
import org.apache.activemq.artemis.core.server.impl.AckReason;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.core.transaction.TransactionOperationAbstract;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Placed;
import org.caravanmta.queue.spi.QueueFollower;
import org.jspecify.annotations.Nullable;

/// Tells a follower of every durable message that comes to a queue or leaves it, by whatever way:
/// the broker itself says so. What is in a transaction is told when that is on the disk.
///
/// A message is told of before others can take it, and so before it can leave.
final class Following implements ActiveMQServerMessagePlugin {
  /// Where a transaction keeps what is to be told; no index of the broker's own.
  private static final int INDEX = 4711;

  private static final SimpleString ID = SimpleString.of(Frame.ID);
  private static final SimpleString CONTENT = SimpleString.of(Frame.CONTENT);

  private final QueueFollower follower;

  Following(QueueFollower follower) {
    this.follower = follower;
  }

  @Override
  public void beforeMessageRoute(
      Message message, RoutingContext context, boolean direct, boolean rejectDuplicates) {
    if (!message.isDurable()) {
      return;
    }
    Transaction transaction = context.getTransaction();
    if (transaction == null) {
      follower.committed(List.of(), List.of(placed(message)));
    } else {
      told(transaction).come.add(placed(message));
    }
  }

  @Override
  public void afterMessageRoute(
      Message message,
      RoutingContext context,
      boolean direct,
      boolean rejectDuplicates,
      RoutingStatus result) {
    if (result != RoutingStatus.OK) {
      notRouted(message, context);
    }
  }

  @Override
  public void onMessageRouteException(
      Message message,
      RoutingContext context,
      boolean direct,
      boolean rejectDuplicates,
      Exception e) {
    notRouted(message, context);
  }

  private void notRouted(Message message, RoutingContext context) {
    if (!message.isDurable()) {
      return;
    }
    Transaction transaction = context.getTransaction();
    if (transaction == null) {
      follower.committed(List.of(placed(message)), List.of());
    } else {
      told(transaction).come.removeIf(one -> one.number() == message.getMessageID());
    }
  }

  @Override
  public void messageAcknowledged(
      @Nullable Transaction transaction,
      MessageReference reference,
      AckReason reason,
      @Nullable ServerConsumer consumer) {
    Message message = reference.getMessage();
    if (!message.isDurable()) {
      return;
    }
    if (transaction == null) {
      follower.committed(List.of(placed(message)), List.of());
    } else {
      told(transaction).gone.add(placed(message));
    }
  }

  private Told told(Transaction transaction) {
    if (transaction.getProperty(INDEX) instanceof Told told) {
      return told;
    }
    var told = new Told(follower);
    transaction.putProperty(INDEX, told);
    transaction.addOperation(told);
    return told;
  }

  static Placed placed(Message message) {
    return new Placed(
        message.getMessageID(), text(message, ID), text(message, CONTENT), () -> frame(message));
  }

  private static Optional<String> text(Message message, SimpleString property) {
    return Optional.ofNullable(message.getObjectProperty(property)).map(Object::toString);
  }

  private static Frame frame(Message message) {
    var body = message.toCore().getReadOnlyBodyBuffer();
    var bytes = new byte[body.readableBytes()];
    body.readBytes(bytes);
    return new Frame(message.getAddress(), bytes, Frame.carried(message), true);
  }

  /// What one transaction does.
  private static final class Told extends TransactionOperationAbstract {
    private final QueueFollower follower;
    private final List<Placed> gone = new ArrayList<>();
    private final List<Placed> come = new ArrayList<>();

    Told(QueueFollower follower) {
      this.follower = follower;
    }

    @Override
    public void afterCommit(Transaction transaction) {
      if (!gone.isEmpty() || !come.isEmpty()) {
        follower.committed(List.copyOf(gone), List.copyOf(come));
      }
    }
  }
}
