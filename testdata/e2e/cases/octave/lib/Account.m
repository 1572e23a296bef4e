classdef Account < handle
  properties
    balance = 0;
  end
  methods
    function deposit (self, x)
      self.balance = self.balance + x;
    end
  end
end
