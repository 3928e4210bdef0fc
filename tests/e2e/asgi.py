"""The demo shop with its static files, for servers that serve none themselves."""

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

from shop_demo.asgi import application as shop

application = ASGIStaticFilesHandler(shop)
