package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;

/// What all servers of a run have in common: the directory they live below, the tables they look
/// into, the next hop they send to.
///
/// @param sink the port of the next hop
/// @param zone the port of the name server with the DNS list
/// @param asked whom Postfix asks, too
/// @param milter the milter that some servers ask
/// @param processes how many connections a server must be able to take at a time
record Setup(
    Path work,
    TableFiles tables,
    int sink,
    int zone,
    Optional<Asked> asked,
    Optional<NoOpMilter> milter,
    int processes) {

  Path home(Server server) throws IOException {
    return Files.createDirectories(work.resolve(server.name()));
  }

  /// Lets the processes of a server that run as a user of their own reach their files.
  void open(Path directory) throws IOException {
    for (Path above = directory; above.startsWith(work); above = above.getParent()) {
      Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  static void own(Path file, String user) throws IOException {
    Files.setOwner(
        file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
  }

  static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  static int port() throws IOException {
    return org.caravanmta.Ports.free();
  }
}
