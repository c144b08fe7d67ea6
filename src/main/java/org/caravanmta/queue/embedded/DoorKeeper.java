package org.caravanmta.queue.embedded;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnection;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.jspecify.annotations.Nullable;

/// Who may do what at the broker in this process: we ourselves everything; programs that attach
/// from outside take from their own queues, and send answers.
final class DoorKeeper implements ActiveMQSecurityManager5 {
  private static final Subject OURSELVES = subject("caravan");
  private static final Subject PROGRAM = subject("program");

  private final ProgramDoor door;
  private final String answers;
  private final Set<String> queues = ConcurrentHashMap.newKeySet();

  /// @param answers what the names of the queues of answers start with
  DoorKeeper(ProgramDoor door, String answers) {
    this.door = door;
    this.answers = answers;
  }

  void admit(String queue) {
    queues.add(queue);
  }

  @Override
  public @Nullable Subject authenticate(
      @Nullable String user,
      @Nullable String password,
      @Nullable RemotingConnection connection,
      @Nullable String domain) {
    if (connection == null || connection.getTransportConnection() instanceof InVMConnection) {
      return OURSELVES;
    }
    return same(user + ":" + password, door.user() + ":" + door.password()) ? PROGRAM : null;
  }

  @Override
  public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
    if (subject.equals(OURSELVES)) {
      return true;
    }
    String name = address.contains("::") ? address.substring(0, address.indexOf("::")) : address;
    return switch (check) {
      case CONSUME, BROWSE -> queues.contains(name);
      case SEND -> name.startsWith(answers);
      default -> false;
    };
  }

  @Override
  public boolean validateUser(@Nullable String user, @Nullable String password) {
    return false;
  }

  @Override
  public boolean validateUserAndRole(
      @Nullable String user, @Nullable String password, Set<Role> roles, CheckType check) {
    return false;
  }

  private static boolean same(String given, String own) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), own.getBytes(StandardCharsets.UTF_8));
  }

  private static Subject subject(String name) {
    return new Subject(true, Set.of(new UserPrincipal(name)), Set.of(), Set.of());
  }
}
