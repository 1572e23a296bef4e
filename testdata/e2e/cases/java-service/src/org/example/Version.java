package org.example;

public class Version { public static void main(String[] a) { System.out.println("service 1.0 on " + Runtime.version().feature()); } }
