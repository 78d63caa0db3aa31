package io.agentweave.telemetry;

/**
 * All meters, in a format that the scraper understands.
 *
 * @param contentType the format, as HTTP names it
 */
public record Scrape(String contentType, String text) {}
