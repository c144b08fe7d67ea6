package org.caravanmta.queue.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.queue.embedded.journal.Inspection;
import org.caravanmta.queue.embedded.journal.Pace;
import org.caravanmta.queue.spi.AnswerListener;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Connections;
import org.caravanmta.queue.spi.Desk;
import org.caravanmta.queue.spi.Fence;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.Names;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.Placed;
import org.caravanmta.queue.spi.QueueFollower;
import org.caravanmta.queue.spi.QueueLook;
import org.caravanmta.queue.spi.SeenMessage;
import org.caravanmta.queue.spi.Topology;
import org.caravanmta.queue.spi.Turns;

/// The Artemis broker inside this process: every queue, in one journal below one directory.
public final class EmbeddedBroker implements Broker {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final int number;
  private final FileChannel lock;
  private final Room room;
  private final ActiveMQServer server;
  private final Interior interior;
  private final EmbeddedQueues queues;
  private final Connections connections;
  private final Turns turns = new Turns();
  private final Optional<DoorKeeper> keeper;
  private final Path directory;
  private final Pace pace;
  private Optional<QueueFollower> follower = Optional.empty();
  private Fence fence = Fence.NONE;

  private EmbeddedBroker(
      Path directory,
      Pace pace,
      int number,
      FileChannel lock,
      Room room,
      ActiveMQServer server,
      Optional<DoorKeeper> keeper) {
    this.directory = directory;
    this.pace = pace;
    this.keeper = keeper;
    this.number = number;
    this.lock = lock;
    this.room = room;
    this.server = server;
    this.interior = new Interior(server);
    this.queues = new EmbeddedQueues(server);
    this.connections = new Connections(url(), "", "", Names.BARE);
  }

  /// Starts a broker that keeps everything below `directory`, and reads back what is there.
  ///
  /// @throws IOException if the directory cannot be written to, or another process uses it; one
  ///   sentence says which
  public static EmbeddedBroker start(Path directory, BrokerSettings settings) throws IOException {
    FileChannel lock = lock(directory);
    try {
      int number = NUMBERS.getAndIncrement();
      Pace pace = Pace.measure(directory);
      var configuration = BrokerConfiguration.of(directory, settings, pace);
      configuration.addAcceptorConfiguration("vm", "vm://" + number);
      Optional<DoorKeeper> keeper =
          settings.door().map(door -> new DoorKeeper(door, BrokerConfiguration.ANSWERS));
      var server =
          new ActiveMQServerImpl(
              configuration, null, keeper.orElse(null), null, BrokerConfiguration.executors());
      Inspection.inspect(directory.resolve("journal"));
      // which queue a message is on is known by the queue's number in there
      Inspection.inspect(directory.resolve("bindings"));
      server.start();
      if (!server.isActive()) {
        throw new IOException(
            "the journal is damaged, or cannot be read, see the log; put back a copy of "
                + directory.resolve("bindings")
                + ", the list of queues, or of the journal beside it");
      }
      server.getManagementService().enableNotifications(false);
      return new EmbeddedBroker(
          directory,
          pace,
          number,
          lock,
          new Room(directory, settings.minDiskFree()),
          server,
          keeper);
    } catch (Exception e) {
      lock.close();
      throw new IOException("the broker in " + directory + " did not start: " + e.getMessage(), e);
    }
  }

  /// Tells `listener` when the journal can no longer be written: from then on nothing can be
  /// promised, so reception must stop and the process end.
  public void onFatal(Consumer<Throwable> listener) {
    server.registerIOCriticalErrorListener((cause, _, _) -> listener.accept(cause));
  }

  /// Has `what` told of all that comes to the queues and leaves them, and nothing begun while the
  /// fence is closed. Before anything is taken from a queue or sent to one.
  public void follow(QueueFollower what, Fence closed) {
    each(one -> what.committed(List.of(), List.of(one)));
    follower = Optional.of(what);
    fence = closed;
    interior.setFence(closed);
    server.registerBrokerPlugin(new Following(what));
  }

  /// Passes on every message on every queue, what stages have taken included; one that goes from
  /// queue to queue meanwhile may be missed.
  public void each(Consumer<Placed> use) {
    queues.each(use);
  }

  /// How long writes are gathered on this disk before they are synced, in nanoseconds.
  public int pace() {
    return pace.nanos();
  }

  /// A name for this journal, of which there is no other: it is another when the directory was
  /// emptied.
  public String journal() throws IOException {
    Path file = directory.resolve("journal-id");
    if (Files.notExists(file)) {
      Files.writeString(file, UUID.randomUUID().toString());
    }
    return Files.readString(file).strip();
  }

  @Override
  public Fence fence() {
    return fence;
  }

  @Override
  public Link settling() {
    return new DirectLink(interior, DirectIntake.Settled.BY_THE_READER);
  }

  @Override
  public Link asking() {
    return new DirectLink(interior, DirectIntake.Settled.AT_ONCE);
  }

  @Override
  public Outlet outlet(String name, Topology topology) {
    return new DirectOutlet(room, interior, topology, follower);
  }

  @Override
  public List<DirectChannel> channels(Topology topology, AnswerListener answers) {
    return List.of(new DirectChannel(interior, topology, answers));
  }

  @Override
  public boolean diskFull() {
    return room.full();
  }

  /// The free space on the disk of another directory, which must be as much as on that of the
  /// queues.
  public Room roomAt(Path other) throws IOException {
    return room.at(other);
  }

  @Override
  public void reportStrays(Collection<String> known) {
    queues.reportStrays(known);
  }

  @Override
  public QueueLook look(String queue) {
    return queues.look(queue);
  }

  @Override
  public long untaken() {
    return queues.untaken();
  }

  @Override
  public OptionalLong contents(String queue, Consumer<String> use) {
    return OptionalLong.of(queues.contents(queue, use));
  }

  @Override
  public List<SeenMessage> taken(String queue, ClientSession session) {
    return queues.taken(queue);
  }

  @Override
  public Desk desk() {
    return new DirectDesk(server, interior, queues);
  }

  @Override
  public Turn turn() throws InterruptedException {
    return turns.take();
  }

  @Override
  public void admitPrograms(String queue) {
    keeper.ifPresent(it -> it.admit(queue));
    server
        .getAddressSettingsRepository()
        .addMatch(queue, BrokerConfiguration.questionsToPrograms());
  }

  @Override
  public Connections connections() {
    return connections;
  }

  /// Everything that was confirmed is on the disk; the rest comes back at the next start.
  @Override
  public void close() {
    connections.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the broker did not stop: " + e.getMessage(), e);
    } finally {
      unlock();
    }
  }

  private void unlock() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new IllegalStateException("the broker's lock stays: " + e.getMessage(), e);
    }
  }

  public String url() {
    return "vm://" + number;
  }

  /// Artemis itself.
  public ActiveMQServer server() {
    return server;
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel;
    try {
      OwnerOnly.directory(directory);
      channel =
          FileChannel.open(
              directory.resolve("broker.lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              OwnerOnly.FILE);
    } catch (IOException e) {
      throw new IOException("the broker cannot write to " + directory + ": " + e, e);
    }
    // the broker would wait for its own lock forever
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // held by this very process
    }
    channel.close();
    throw new IOException("another Caravan is running in " + directory);
  }
}
