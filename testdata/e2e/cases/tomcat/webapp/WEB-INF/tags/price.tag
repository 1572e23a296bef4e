<%@ attribute name="cents" required="true" type="java.lang.Integer" %><b>${cents / 100} EUR</b>
