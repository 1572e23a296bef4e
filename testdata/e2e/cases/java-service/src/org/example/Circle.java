package org.example;

public class Circle implements Shape { public double area(double r) { return Math.PI * r * r; } }
