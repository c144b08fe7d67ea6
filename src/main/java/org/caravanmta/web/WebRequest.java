package org.caravanmta.web;

/// What a client asks (RFC 9110 §3.4).
///
/// @param method `GET`, `POST`, …; `HEAD` is asked as `GET` is
/// @param path without the query
public record WebRequest(String method, String path) {}
