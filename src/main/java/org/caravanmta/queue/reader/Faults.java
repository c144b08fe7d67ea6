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

  private Faults() {}

  static boolean ofTheBroker(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ActiveMQException e && OF_THE_BROKER.contains(e.getType())) {
        return true;
      }
    }
    return false;
  }
}
