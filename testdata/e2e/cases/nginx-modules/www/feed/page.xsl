<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:str="http://exslt.org/strings" xmlns:math="http://exslt.org/math" exclude-result-prefixes="str math">
<xsl:output method="html" encoding="UTF-8"/>
<xsl:param name="title"/><xsl:param name="who"/>
<xsl:template match="/shop"><html><body><h1><xsl:value-of select="$title"/> for <xsl:value-of select="$who"/></h1>
<ul><xsl:for-each select="item"><xsl:sort select="@price" data-type="number"/><li><xsl:value-of select="concat(., ' ', @price)"/></li></xsl:for-each></ul>
<p>dearest <xsl:value-of select="math:max(item/@price)"/> <xsl:value-of select="str:padding(3, '*')"/></p></body></html></xsl:template>
</xsl:stylesheet>
