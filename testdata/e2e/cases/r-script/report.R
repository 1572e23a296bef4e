suppressPackageStartupMessages({ library(jsonlite); library(MASS) })
d <- read.csv("data.csv", stringsAsFactors = TRUE)
args <- commandArgs(trailingOnly = TRUE)
what <- if (length(args)) args[1] else "fit"
if (what == "fit") {
  print(round(coef(summary(lm(y ~ x, d))), 4))
  print(tapply(d$y, d$g, mean)); print(round(solve(matrix(c(2, 1, 1, 3), 2)), 4)); print(round(coef(rlm(y ~ x, d)), 3))
  set.seed(1); print(round(rnorm(3), 4)); print(t.test(d$y, mu = 5)$p.value < 0.5)
} else if (what == "json") {
  cat(toJSON(d, pretty = TRUE), "\n"); str(fromJSON('{"a": [1, 2]}'))
} else if (what == "plot") {
  png("/tmp/p.png", 200, 150, type = "cairo"); plot(d$x, d$y, main = "Größe"); invisible(dev.off())
  pdf("/tmp/p.pdf"); hist(d$y); invisible(dev.off()); svg("/tmp/p.svg"); boxplot(y ~ g, d); invisible(dev.off())
  for (f in c("/tmp/p.png", "/tmp/p.pdf", "/tmp/p.svg")) cat(f, file.exists(f), file.size(f) > 1000, "\n")
} else if (what == "text") {
  cat(toupper("größe"), nchar("日本"), format(as.POSIXct(0, origin = "1970-01-01", tz = "America/Lima"), "%F %T %Z"), gsub("(?<=a)b", "X", "ab", perl = TRUE), "\n")
  print(iconv("é", "UTF-8", "latin1") == "é"); print(tools::file_ext("a.txt")); print(utils::head(letters, 2)); print(system("echo shell", intern = TRUE))
} else stop("no such report: ", what)
