package org.example;

public interface Shape { double area(double r); }
