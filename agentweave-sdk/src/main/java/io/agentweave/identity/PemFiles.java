package io.agentweave.identity;

import java.nio.file.Path;

/**
 * The PEM files of one identity.
 *
 * @param certificate the SVID with its intermediates, leaf first
 * @param key its private key, PKCS #8
 * @param bundle the authorities of the SVID's trust domain
 */
public record PemFiles(Path certificate, Path key, Path bundle) {}
