import decimal
import os

PRICES = {"tea": "3.50", "cup": "12"}


class Price(object):
    def init(self, options):
        self.seen = 0
        return True

    def parse(self, msg):
        self.seen += 1
        word = msg["MESSAGE"]
        word = word.decode() if isinstance(word, bytes) else word
        if word not in PRICES:
            return False
        msg["price"] = str(decimal.Decimal(PRICES[word]) * 2)
        return True


class Sink(object):
    def init(self, options):
        return True

    def is_opened(self):
        return True

    def send(self, msg):
        text = msg["MESSAGE"]
        text = text.decode() if isinstance(text, bytes) else text
        with open("/var/log/app/sink.log", "a") as f:
            f.write("%s %s\n" % (text, os.path.basename(__file__)))
        return True


def shout(msg):
    text = msg["MESSAGE"]
    return (text.decode() if isinstance(text, bytes) else text).upper() + "!"
