/**
 * The report of a run as a page that people look at: one HTML file that needs neither scripts nor
 * any other file. Enter at {@link io.pare.report.page.ReportPage}. Depends on {@code report} alone.
 */
package io.pare.report.page;
