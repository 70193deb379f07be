/**
 * Models and what travels with them: what a model takes and gives ({@link
 * dev.mlops4j.model.Signature}), a model in memory ({@link dev.mlops4j.model.Model}), and the
 * package in which a trained one is stored, moved and checked ({@link
 * dev.mlops4j.model.ModelPackage}).
 *
 * <p>Models are data: a package is verified byte by byte before anything parses it, and no loader
 * loads a class that a file names.
 */
@NullMarked
package dev.mlops4j.model;

import org.jspecify.annotations.NullMarked;
