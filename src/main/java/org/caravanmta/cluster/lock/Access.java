package org.caravanmta.cluster.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may read and write the tree of a cluster: those who know `cluster.secret`.
///
/// Nodes of older versions prove nothing to the lock service, and have left trees in which anybody
/// may write. Such a tree stays open while one of them serves; after that it is closed to them too.
final class Access {
  /// What the lock service calls a name and a password.
  static final String SCHEME = "digest";

  /// Above the trees of all clusters, which have secrets of their own: anybody may add one, and
  /// nobody see or remove one.
  // the client looks for null in it, at which those of List.of throw
  private static final List<ACL> ABOVE =
      Arrays.asList(
          new ACL(ZooDefs.Perms.CREATE, ZooDefs.Ids.ANYONE_ID_UNSAFE),
          new ACL(ZooDefs.Perms.ALL, ZooDefs.Ids.AUTH_IDS));

  private static final Logger LOG = LoggerFactory.getLogger(Access.class);
  private static final String HMAC = "HmacSHA256";

  private final LockTerms terms;
  private final String above;
  private final String root;

  /// Whether what is made is for those only who know the secret.
  private volatile boolean closed;

  private boolean warned;

  /// @param above the path of the trees of all clusters
  /// @param root that of this cluster's
  Access(LockTerms terms, String above, String root) {
    this.terms = terms;
    this.above = above;
    this.root = root;
  }

  /// What is said to the lock service in each session. It goes over a connection that is not
  /// encrypted, so it is not the secret, which cannot be found from it.
  byte[] login() {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(terms.secret().text().getBytes(UTF_8), HMAC));
      byte[] password = mac.doFinal(("lock service, " + terms.cluster()).getBytes(UTF_8));
      return (terms.cluster() + ":" + HexFormat.of().formatHex(password)).getBytes(UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a password cannot be made: " + e.getMessage(), e);
    }
  }

  /// For what is made in the tree now.
  List<ACL> inTree() {
    return closed ? ZooDefs.Ids.CREATOR_ALL_ACL : ZooDefs.Ids.OPEN_ACL_UNSAFE;
  }

  /// For the path above it.
  List<ACL> above() {
    return ABOVE;
  }

  /// For the root of the tree, and what is made with it.
  List<ACL> ofRoot() {
    return ZooDefs.Ids.CREATOR_ALL_ACL;
  }

  /// Learns who may write in the tree, and closes what may be closed.
  ///
  /// @return whether nothing is left to be closed
  boolean close(ZooKeeper session) throws KeeperException, InterruptedException {
    if (!closed && isOpen(session, root)) {
      Optional<String> old = anyOld(session);
      if (old.isPresent()) {
        warn(old.get());
        return false;
      }
      LOG.info("the locks of cluster {} are closed to all who do not know its secret", root);
    }
    closed = true;
    return closeAll(session);
  }

  /// @return whether nothing was open
  private boolean closeAll(ZooKeeper session) throws KeeperException, InterruptedException {
    boolean found = false;
    // the root at last: where it is closed, the rest has been, but for what was being made
    for (String path : ZKUtil.listSubTreeBFS(session, root).reversed()) {
      try {
        if (isOpen(session, path)) {
          found = true;
          session.setACL(path, ZooDefs.Ids.CREATOR_ALL_ACL, -1);
        }
      } catch (KeeperException.NoNodeException e) {
        LOG.debug("gone meanwhile: {}", path);
      }
    }
    closeAbove(session);
    return !found;
  }

  private void closeAbove(ZooKeeper session) throws KeeperException, InterruptedException {
    try {
      if (session.getACL(above, new Stat()).equals(ZooDefs.Ids.OPEN_ACL_UNSAFE)) {
        session.setACL(above, ABOVE, -1);
      }
    } catch (KeeperException.NoAuthException e) {
      LOG.debug("{} was made by another cluster", above);
    }
  }

  /// A node that has a lock now and proves nothing.
  private Optional<String> anyOld(ZooKeeper session) throws KeeperException, InterruptedException {
    String serving = root + "/" + Branch.SERVING.word;
    for (String journal : session.getChildren(serving, false)) {
      try {
        byte[] holder = session.getData(serving + "/" + journal, false, null);
        if (!Holder.provesSecret(holder)) {
          return Optional.of(Holder.read(holder).node());
        }
      } catch (KeeperException.NoNodeException e) {
        LOG.debug("gone meanwhile: {}", journal);
      }
    }
    return Optional.empty();
  }

  private void warn(String old) {
    if (!warned) {
      LOG.warn(
          "the lock service lets anybody read and write the locks of {} while {} runs an older"
              + " version",
          root,
          old);
    }
    warned = true;
  }

  private static boolean isOpen(ZooKeeper session, String path)
      throws KeeperException, InterruptedException {
    return session.getACL(path, new Stat()).stream()
        .anyMatch(each -> each.getId().equals(ZooDefs.Ids.ANYONE_ID_UNSAFE));
  }
}
