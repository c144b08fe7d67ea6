package org.caravanmta;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LocksUnavailable;
import org.caravanmta.cluster.lock.Member;
import org.caravanmta.cluster.node.ClusterNode;
import org.caravanmta.cluster.node.Drains;
import org.caravanmta.cluster.node.NodeVerbs;
import org.caravanmta.control.ControlServer;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.VerbName;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Wire;
import org.caravanmta.monitor.Conditions;
import org.caravanmta.queue.copies.Adoption;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.ContentClaims;
import org.caravanmta.settings.Settings;
import org.caravanmta.share.Shares;
import org.caravanmta.state.QuarantineIndex;
import org.caravanmta.state.StateUnavailable;
import org.caravanmta.suspension.Suspensions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part that this server takes in a cluster, if there is one.
final class Clustering implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Clustering.class);

  /// How often the settings of all nodes are compared.
  private static final Duration GLANCE = Duration.ofSeconds(10);

  /// The key of the list of what is suspended.
  private static final String SUSPENSIONS = "suspensions";

  private static final String EXPOSED =
      "mail is taken that is on this machine only, for no other node keeps copies"
          + " (cluster.without-copy: accept)";

  private static final Duration SECOND = Duration.ofSeconds(1);

  private Optional<Thread> watch = Optional.empty();
  private final Optional<ClusterNode> node;
  private final Broker broker;
  private final ContentStore store;

  private Clustering(Optional<ClusterNode> node, Broker broker, ContentStore store) {
    this.node = node;
    this.broker = broker;
    this.store = store;
  }

  /// Takes the lock on the own journal, and learns what has become of it: before anything is taken
  /// from the queues.
  ///
  /// @param again run when another node has taken over our mail meanwhile
  static Clustering join(
      Settings settings, Broker broker, ContentStore store, ContentClaims claims, Runnable again)
      throws IOException, InterruptedException {
    if (settings.cluster().node().isEmpty() || !(broker instanceof EmbeddedBroker embedded)) {
      return new Clustering(Optional.empty(), broker, store);
    }
    String name = settings.cluster().node().get();
    LockService locks = ClusterNode.connect(settings.cluster());
    if (Drains.isWanted(locks, name)) {
      var verbs = new HashMap<>(NodeVerbs.of(locks, name));
      // it has none yet that could differ
      verbs.put(VerbName.NODE_SETTINGS, (_, _) -> {});
      var control = new ControlServer(settings.data().directory(), verbs);
      try {
        Drains.await(locks, name);
      } finally {
        control.close();
      }
    }
    String version = Clustering.class.getPackage().getImplementationVersion();
    var self =
        new Member(
            name,
            settings.cluster().address().orElseThrow().toString(),
            ClusterNode.SERVING,
            Wire.VERSION,
            Wire.VERSION,
            "",
            InstantSource.system().instant(),
            version == null ? "" : version);
    var house = new ClusterNode.House(settings.data().directory(), embedded, store, claims, again);
    return new Clustering(
        Optional.of(ClusterNode.join(settings.cluster(), house, self, locks)), broker, store);
  }

  /// What the operator suspends or resumes holds for nodes that are away, too: the list is at the
  /// lock service, and read before anything is begun.
  void agreeOn(Suspensions suspensions) throws IOException, InterruptedException {
    if (node.isEmpty()) {
      return;
    }
    LockService locks = node.get().locks();
    try {
      Optional<String> agreed = locks.values().get(SUSPENSIONS);
      if (agreed.isPresent()) {
        suspensions.replace(agreed.get());
      }
    } catch (LocksUnavailable e) {
      LOG.warn("cluster: what was suspended while this node was away is not known here", e);
    }
    suspensions.onChange(text -> agree(locks, text));
  }

  private static void agree(LockService locks, String suspensions) {
    try {
      if (!locks.isStale()) {
        locks.values().set(SUSPENSIONS, suspensions);
        return;
      }
      LOG.warn("cluster: nodes that are away will not know what is suspended: no lock");
    } catch (LocksUnavailable e) {
      LOG.warn("cluster: nodes that are away will not know what is suspended: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Has copies kept, and takes over what is left of others, from now on.
  ///
  /// @param leave run when the operator drains this node
  void begin(Assembly assembly, QuarantineIndex quarantine, Runnable leave)
      throws IOException, InterruptedException {
    if (node.isEmpty()) {
      return;
    }
    ClusterNode begun = node.get();
    begun.describe(assembly.digest());
    begun.begin(
        () ->
            new Adoption(
                broker,
                store,
                assembly.queues(),
                assembly.stages.lanes(),
                (from, ids) -> adopt(quarantine, from, ids, begun.name()),
                InstantSource.system()),
        leave);
    measure(begun, assembly.registry);
    watch =
        Optional.of(
            Thread.ofVirtual().name("cluster-settings").start(() -> watch(begun, assembly)));
  }

  /// What is in the quarantine of another is in ours.
  private static void adopt(QuarantineIndex index, String from, Set<String> ids, String to) {
    try {
      index.adopt(from, ids, to);
    } catch (StateUnavailable e) {
      // it is noted again when the index is made to follow the queue
      LOG.warn("cluster: the index of the quarantine says {} still: {}", from, e.getMessage());
    }
  }

  /// Tells the others when settings change, and the operator when nodes have different ones.
  private static void watch(ClusterNode node, Assembly assembly) {
    try {
      while (true) {
        try {
          node.describe(assembly.digest());
          Conditions.see("cluster settings", difference(node.locks().members()));
        } catch (IOException e) {
          LOG.warn("cluster: the settings of the nodes are not compared: {}", e.getMessage());
        }
        for (int i = 0; i < GLANCE.toSeconds(); i++) {
          seeImpediment(node);
          Thread.sleep(SECOND);
        }
      }
    } catch (InterruptedException e) {
      Conditions.forget("cluster settings");
      Conditions.forget("cluster");
      Conditions.forget("cluster copies");
    }
  }

  /// Tells the operator, and the other nodes, that this one is not at work, and why.
  private static void seeImpediment(ClusterNode node) throws InterruptedException {
    Conditions.see("cluster", node.impediment().map(why -> new Conditions.Condition(why, why)));
    Conditions.see(
        "cluster copies",
        Optional.of(EXPOSED)
            .filter(_ -> node.isExposed())
            .map(why -> new Conditions.Condition(why, why)));
    try {
      node.tell();
    } catch (IOException e) {
      LOG.debug("cluster: the others do not know yet how this node is: {}", e.getMessage());
    }
  }

  private static Optional<Conditions.Condition> difference(List<Member> members) {
    var nodes = new TreeMap<String, List<String>>();
    members.forEach(
        one -> nodes.computeIfAbsent(one.settings(), _ -> new ArrayList<>()).add(one.name()));
    if (nodes.size() < 2) {
      return Optional.empty();
    }
    String text =
        nodes.entrySet().stream()
            .map(each -> String.join(", ", each.getValue()) + " " + each.getKey())
            .collect(Collectors.joining("; "));
    return Optional.of(
        new Conditions.Condition(
            text,
            "the nodes have different settings, routes or tables: "
                + text
                + "; caravan node list says in what"));
  }

  private static void measure(ClusterNode node, MeterRegistry registry) {
    Gauge.builder("caravan_cluster_copies_in_sync", node, it -> it.copies().inSync() ? 1 : 0)
        .description("1 while another node has copies of all mail on this one")
        .register(registry);
    Gauge.builder("caravan_cluster_messages_without_copy", node, it -> it.ledger().single())
        .description("Messages on the queues of which no other node has a copy")
        .register(registry);
    FunctionCounter.builder(
            "caravan_cluster_taken_without_copy", node, it -> it.ledger().withoutCopy())
        .description("Messages taken while no other node kept copies (without-copy: accept)")
        .register(registry);
    Gauge.builder("caravan_cluster_lock_held", node, it -> it.locks().holds() ? 1 : 0)
        .description("1 while this node has its lock; without it, it begins nothing")
        .register(registry);
    Gauge.builder("caravan_cluster_nodes", node, it -> it.locks().members().size())
        .description("Nodes of the cluster that live")
        .register(registry);
  }

  /// The operator's verbs, for the whole cluster where there is one, and for this node alone by
  /// names that begin with {@link VerbName#HERE}.
  ///
  /// @param operator what each does on this node alone
  Map<String, ControlVerb> verbs(Map<String, ControlVerb> operator, Assembly assembly) {
    var here = new HashMap<>(operator);
    if (node.isPresent()) {
      here.put(
          VerbName.NODE_SETTINGS,
          (_, rows) -> {
            for (var part : assembly.digests().entrySet()) {
              rows.add(List.of(part.getKey(), part.getValue()));
            }
          });
    }
    var all = new HashMap<>(here);
    here.forEach((name, verb) -> all.put(VerbName.HERE + name, verb));
    if (node.isPresent()) {
      node.get().serve(here);
      all.putAll(ClusterVerbs.of(here, node.get().others()));
      all.putAll(NodeVerbs.of(node.get().locks(), node.get().name()));
    }
    return all;
  }

  /// The limits that the nodes have in common.
  Shares shares() {
    return node.map(ClusterNode::shares).orElse(Shares.WHOLE);
  }

  /// Whether mail that is offered now will be taken.
  boolean takesMail() {
    return node.map(ClusterNode::takesMail).orElse(true);
  }

  @Override
  public void close() {
    watch.ifPresent(Thread::interrupt);
    node.ifPresent(ClusterNode::close);
  }
}
