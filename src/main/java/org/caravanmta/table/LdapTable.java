package org.caravanmta.table;

import com.unboundid.ldap.sdk.FailoverServerSet;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.JVMDefaultTrustManager;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import java.io.File;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.net.SocketFactory;
import javax.net.ssl.TrustManager;

/// A table in a directory (RFC 4511), `ldap:FILE`. The file has the form of Postfix's (postfix
/// `ldap_table(5)`). The value is all values of the result attributes of all entries found,
/// separated by commas.
final class LdapTable implements RemoteTable.Asking, AutoCloseable {
  /// The parameters that the file may have.
  private static final Set<String> KEYS =
      Set.of(
          "server_host",
          "server_port",
          "search_base",
          "query_filter",
          "result_attribute",
          "result_format",
          "domain",
          "scope",
          "bind",
          "bind_dn",
          "bind_pw",
          "timeout",
          "size_limit",
          "expansion_limit",
          "version",
          "start_tls",
          "tls_ca_cert_file",
          "tls_require_cert");

  /// How long a search may take by default: a client is waiting for the reply to RCPT.
  private static final int SECONDS = 10;

  /// Connections at most.
  private static final int CONNECTIONS = 8;

  private static final int PORT = 389;
  private static final int TLS_PORT = 636;

  private final String name;
  private final TableParameters parameters;
  private final Template base;
  private final Template filter;
  private final Template format;
  private final DomainFilter domains;
  private final String[] attributes;
  private final SearchScope scope;
  private final int most;
  private final int entries;
  private final int seconds;
  private final LazyPool<LDAPConnectionPool, LDAPException> pool =
      new LazyPool<>(this::connect, LDAPConnectionPool::close);

  private LdapTable(
      String name, TableParameters parameters, Function<String, Table> tables, Values values) {
    this.name = name;
    this.parameters = parameters;
    try {
      this.base = new Template(parameters.required("search_base"));
      this.filter =
          new Template(parameters.text("query_filter").orElse("(mailacceptinggeneralid=%s)"));
      this.format = Template.format(parameters.text("result_format").orElse("%s"), values);
      Filter.create(filter.text().replaceAll("%.", "x"));
    } catch (TableProblem e) {
      throw e;
    } catch (IllegalArgumentException | LDAPException e) {
      throw new TableProblem(name, "", String.valueOf(e.getMessage()));
    }
    List<String> named = parameters.list("result_attribute");
    this.attributes = (named.isEmpty() ? List.of("maildrop") : named).toArray(String[]::new);
    this.scope =
        switch (parameters.text("scope").orElse("sub")) {
          case "sub" -> SearchScope.SUB;
          case "one" -> SearchScope.ONE;
          case "base" -> SearchScope.BASE;
          case String other ->
              throw parameters.problem("scope", "expected sub, one or base, found " + other);
        };
    this.domains = DomainFilter.of(parameters.list("domain"), tables);
    this.most = parameters.number("expansion_limit", 0);
    this.entries = parameters.number("size_limit", most == 0 ? 0 : most + 1);
    this.seconds = Math.max(1, parameters.number("timeout", SECONDS));
    servers();
  }

  /// @param tables opens a table that `domain` names
  static Table open(
      String name, Path file, InstantSource clock, Values values, Function<String, Table> tables) {
    var table = new LdapTable(name, TableParameters.read(name, file, KEYS), tables, values);
    TableLinks.add(table);
    return new RemoteTable(name, false, table, clock);
  }

  @Override
  public Lookup ask(String key) throws LDAPException, RemoteTable.Refused {
    String folded = key.toLowerCase(Locale.ROOT);
    Lookup admitted = domains.admits(folded);
    if (!(admitted instanceof Lookup.Found)) {
      return admitted;
    }
    var parts = Template.Parts.of(folded);
    Optional<String> under = base.query(parts, LdapTable::inName);
    Optional<String> such = filter.query(parts, Filter::encodeValue);
    return under.isEmpty() || such.isEmpty()
        ? new Lookup.Absent()
        : Template.joined(name, format, parts, search(under.get(), such.get()), most);
  }

  private List<String> search(String under, String such) throws LDAPException, RemoteTable.Refused {
    var request = new SearchRequest(under, scope, such, attributes);
    request.setTimeLimitSeconds(seconds);
    request.setResponseTimeoutMillis(seconds * 1000L);
    request.setSizeLimit(entries);
    List<SearchResultEntry> found;
    try {
      found =
          Objects.requireNonNull(
              pool.get().search(request).getSearchEntries(), "they went to a listener");
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        return List.of();
      }
      if (e.getResultCode().isConnectionUsable()) {
        throw new RemoteTable.Refused(e.getResultString());
      }
      throw e;
    }
    var values = new ArrayList<String>();
    for (SearchResultEntry entry : found) {
      for (String attribute : attributes) {
        String[] all = entry.getAttributeValues(attribute);
        values.addAll(all == null ? List.of() : List.of(all));
      }
    }
    return values;
  }

  @Override
  public void close() {
    pool.close();
  }

  private LDAPConnectionPool connect() throws LDAPException {
    Servers servers = servers();
    var options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis(seconds * 1000);
    options.setResponseTimeoutMillis(seconds * 1000L);
    options.setFollowReferrals(false);
    boolean verified = parameters.flag("tls_require_cert", true);
    if (verified) {
      options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
    }
    try {
      boolean startTls = parameters.flag("start_tls", false);
      var tls = new SSLUtil(trust(verified));
      SocketFactory sockets =
          servers.tls() ? tls.createSSLSocketFactory() : SocketFactory.getDefault();
      var bind =
          parameters.flag("bind", true) && parameters.text("bind_dn").isPresent()
              ? new SimpleBindRequest(
                  parameters.required("bind_dn"), parameters.text("bind_pw").orElse(""))
              : null;
      var set =
          new FailoverServerSet(
              servers.hosts().toArray(String[]::new),
              servers.ports().stream().mapToInt(Integer::intValue).toArray(),
              sockets,
              options,
              bind,
              startTls ? new StartTLSPostConnectProcessor(tls.createSSLContext()) : null);
      var pool =
          new LDAPConnectionPool(
              set,
              bind,
              0,
              CONNECTIONS,
              startTls ? new StartTLSPostConnectProcessor(tls.createSSLContext()) : null,
              false);
      pool.setRetryFailedOperationsDueToInvalidConnections(true);
      pool.setMaxWaitTimeMillis(seconds * 1000L);
      return pool;
    } catch (GeneralSecurityException e) {
      throw new LDAPException(ResultCode.LOCAL_ERROR, "TLS cannot be used: " + e, e);
    }
  }

  private TrustManager trust(boolean verified) {
    if (!verified) {
      return new TrustAllTrustManager();
    }
    return parameters
        .text("tls_ca_cert_file")
        .<TrustManager>map(
            file -> {
              try {
                return new PEMFileTrustManager(new File(file));
              } catch (java.security.KeyStoreException e) {
                throw parameters.problem("tls_ca_cert_file", String.valueOf(e.getMessage()));
              }
            })
        .orElseGet(JVMDefaultTrustManager::getInstance);
  }

  /// The servers that are asked, in this order.
  ///
  /// @param tls whether connections are in TLS from the start (`ldaps:`)
  private record Servers(List<String> hosts, List<Integer> ports, boolean tls) {}

  /// Reads `server_host`: each of `host`, `host:port`, `ldap://host:port` or `ldaps://host`,
  /// several separated by commas or white space.
  private Servers servers() {
    var hosts = new ArrayList<String>();
    var ports = new ArrayList<Integer>();
    var tls = new ArrayList<Boolean>();
    List<String> named = parameters.list("server_host");
    for (String item : named.isEmpty() ? List.of("localhost") : named) {
      boolean secure = item.startsWith("ldaps://");
      String host = item.replaceFirst("^ldaps?://", "").replaceFirst("/$", "");
      int port = parameters.number("server_port", secure ? TLS_PORT : PORT);
      int colon = host.lastIndexOf(':');
      if (host.contains("/") || host.isEmpty()) {
        throw parameters.problem(
            "server_host", "expected host, host:port, ldap://host or ldaps://host, found " + item);
      }
      if (colon > 0 && host.indexOf(':') == colon || host.indexOf("]:") > 0) {
        try {
          port = Integer.parseInt(host.substring(colon + 1));
        } catch (NumberFormatException e) {
          throw parameters.problem("server_host", "expected a port in " + item);
        }
        host = host.substring(0, colon);
      }
      hosts.add(host.replaceAll("^\\[|]$", ""));
      ports.add(port);
      tls.add(secure);
    }
    if (tls.stream().distinct().count() > 1) {
      throw parameters.problem("server_host", "expected ldap: or ldaps: for all of them alike");
    }
    return new Servers(hosts, ports, tls.getFirst());
  }

  /// A part of a key, escaped for a distinguished name (RFC 4514 §2.4).
  private static String inName(String text) {
    return new RDN("x", text).toString().substring(2);
  }
}
