/**
 * What a job starts from: the network as read and prepared, the images as it takes them, the Spark
 * application, and hashes of all that a result depends on.
 */
package io.pare.run.input;
