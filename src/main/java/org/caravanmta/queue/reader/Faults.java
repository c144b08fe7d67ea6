package org.caravanmta.queue.reader;

import java.util.EnumSet;
import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;

/// Tells a fault of the broker or of the way there, which no message can be blamed for, from a
/// commit that is refused because of what is in it.
final class Faults {
  private static final Set<ActiveMQExceptionType> OF_THE_BROKER =
      EnumSet.of(
          ActiveMQExceptionType.NOT_CONNECTED,
          ActiveMQExceptionType.CONNECTION_TIMEDOUT,
          ActiveMQExceptionType.DISCONNECTED,
          ActiveMQExceptionType.REMOTE_DISCONNECT,
          ActiveMQExceptionType.UNBLOCKED,
          ActiveMQExceptionType.OBJECT_CLOSED,
          ActiveMQExceptionType.SECURITY_EXCEPTION,
          ActiveMQExceptionType.SESSION_CREATION_REJECTED,
          ActiveMQExceptionType.SHUTDOWN_ERROR,
          ActiveMQExceptionType.IO_ERROR,
          ActiveMQExceptionType.ADDRESS_FULL,
          ActiveMQExceptionType.REPLICATION_TIMEOUT_ERROR,
          ActiveMQExceptionType.TIMEOUT_EXCEPTION,
          ActiveMQExceptionType.TRANSACTION_OUTCOME_UNKNOWN,
          ActiveMQExceptionType.TRANSACTION_ROLLED_BACK);

  private static final Set<ActiveMQExceptionType> OF_THE_WAY =
      EnumSet.of(
          ActiveMQExceptionType.NOT_CONNECTED,
          ActiveMQExceptionType.CONNECTION_TIMEDOUT,
          ActiveMQExceptionType.DISCONNECTED,
          ActiveMQExceptionType.REMOTE_DISCONNECT,
          ActiveMQExceptionType.UNBLOCKED,
          ActiveMQExceptionType.OBJECT_CLOSED);

  private Faults() {}

  /// Whether a broker could not be reached, or can be no more.
  static boolean ofTheWay(Throwable failure) {
    return has(failure, OF_THE_WAY);
  }

  static boolean ofTheBroker(Throwable failure) {
    return has(failure, OF_THE_BROKER);
  }

  private static boolean has(Throwable failure, Set<ActiveMQExceptionType> types) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ActiveMQException e && types.contains(e.getType())) {
        return true;
      }
    }
    return false;
  }
}
