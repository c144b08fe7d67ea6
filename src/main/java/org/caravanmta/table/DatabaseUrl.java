package org.caravanmta.table;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Checks the JDBC URLs that name databases: those of PostgreSQL and of H2, with parameters that
/// only say how the database is reached. Drivers have further parameters, which load classes, run
/// scripts and write files (`INIT`, `TRACE_LEVEL_FILE`, `socketFactory`, `loggerFile`); whoever may
/// write a table's file must not be able to use them. Therefore the parameters that are allowed are
/// listed, and all others are refused.
public final class DatabaseUrl {
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final String H2 = "jdbc:h2:";

  private static final Set<String> OF_POSTGRESQL =
      Set.of(
          "user",
          "password",
          "ssl",
          "sslmode",
          "sslnegotiation",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "sslpassword",
          "channelbinding",
          "gssencmode",
          "connecttimeout",
          "sockettimeout",
          "logintimeout",
          "canceltimeout",
          "tcpkeepalive",
          "tcpnodelay",
          "targetservertype",
          "loadbalancehosts",
          "hostrecheckseconds",
          "localsocketaddress",
          "applicationname",
          "currentschema",
          "options",
          "readonly",
          "readonlymode",
          "preparethreshold",
          "preparedstatementcachequeries",
          "preparedstatementcachesizemib",
          "preferquerymode",
          "defaultrowfetchsize",
          "binarytransfer",
          "assumeminserverversion",
          "rewritebatchedinserts");

  private static final Set<String> OF_H2 =
      Set.of(
          "user",
          "password",
          "ifexists",
          "mode",
          "schema",
          "cipher",
          "ignorecase",
          "database_to_lower",
          "database_to_upper",
          "case_insensitive_identifiers",
          "non_keywords",
          "access_mode_data",
          "cache_size",
          "file_lock",
          "lock_timeout",
          "network_timeout",
          "db_close_delay",
          "db_close_on_exit");

  private DatabaseUrl() {}

  /// The same URL, if it may name a database.
  ///
  /// @throws IllegalArgumentException says what was expected
  public static String checked(String url) {
    if (url.startsWith(POSTGRESQL)) {
      int start = url.indexOf('?');
      parameters(start < 0 ? "" : url.substring(start + 1), "&", OF_POSTGRESQL, "PostgreSQL");
    } else if (url.startsWith(H2)) {
      int start = url.indexOf(';');
      parameters(start < 0 ? "" : url.substring(start + 1), ";", OF_H2, "H2");
    } else {
      throw new IllegalArgumentException(
          "must be a JDBC URL such as jdbc:postgresql://host/mail, of PostgreSQL or H2");
    }
    return url;
  }

  private static void parameters(String text, String between, Set<String> known, String kind) {
    for (String parameter : text.split(between)) {
      String name = parameter.split("=", 2)[0].strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty() && !known.contains(name)) {
        throw new IllegalArgumentException(
            "may not have the parameter "
                + name
                + "; those of "
                + kind
                + " that it may have are "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  /// Checks the URL of a setting; an absent one is allowed.
  ///
  /// @throws IllegalArgumentException says what is wrong with `key`
  public static void require(String key, Optional<String> url) {
    try {
      url.ifPresent(DatabaseUrl::checked);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + " " + e.getMessage(), e);
    }
  }
}
