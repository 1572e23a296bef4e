<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:e="http://exslt.org/math" exclude-result-prefixes="e"><xsl:output method="text"/>
<xsl:template match="/"><xsl:for-each select="//item"><xsl:sort select="title"/><xsl:value-of select="title"/>;</xsl:for-each><xsl:value-of select="e:max(//item/@n | //item[1]/tag)"/><xsl:text>
</xsl:text></xsl:template></xsl:stylesheet>
