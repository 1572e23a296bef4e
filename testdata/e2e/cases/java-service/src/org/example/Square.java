package org.example;

public class Square implements Shape { public double area(double r) { return r * r; } }
